import { type Command, Option } from 'commander';
import { htmlPlans } from '../../report/html/plans.ts';
import { parseParameters } from '../../rule/parameters.ts';
import type { Severity } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { type Io, print, warn } from '../io.ts';
import { addLiveOptions } from '../live/request.ts';
import { addReportOptions, type ReportOptions } from '../options.ts';
import { textOptions } from '../printReport.ts';
import type { ApplyOutcome } from '../repair/applyOutcome.ts';
import { SCRIPT, writeBundle } from '../repair/bundle.ts';
import { FORMS, type Form } from '../repair/forms.ts';
import { jsonPlans } from '../repair/json.ts';
import { planSnapshot } from '../repair/planSnapshot.ts';
import { type RepairSource, readSource, type SourceOptions } from '../repair/source.ts';
import { textPlans } from '../repair/text.ts';
import { reportAbout } from '../reportAbout.ts';

interface RepairCommandOptions extends ReportOptions, SourceOptions {
  readonly apply: boolean;
  readonly yes: boolean;
  readonly form: Form;
  readonly dedicatedKeys: boolean;
  readonly stage: boolean;
  readonly diffAccess: boolean;
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
Nothing is changed without --apply: the plan is printed, and with --output written to a directory as policy files and
a script. Without --snapshot live accounts are read; --trail alone says which account's Region.

With --apply every change is confirmed first, the key policy is kept in a backup file (in --output, or else here),
what was written is read again for up to five minutes, and what fails is taken back. What AWS Control Tower, the Landing
Zone Accelerator or CloudFormation deploys is left to its owner. An interrupted run can be started again.

Examples:
  cloudtrail-kms repair --snapshot snapshot.json
  cloudtrail-kms repair --snapshot snapshot.json --output repair/
  cloudtrail-kms repair --snapshot snapshot.json --form terraform
  cloudtrail-kms repair --snapshot snapshot.json --trail TRAIL_ARN --key KEY_ARN
  cloudtrail-kms repair --snapshot snapshot.json --stage --trail TRAIL_ARN --trail ANOTHER_ARN
  cloudtrail-kms repair --snapshot snapshot.json --format json
  cloudtrail-kms repair --snapshot snapshot.json --diff-access
  cloudtrail-kms repair --snapshot snapshot.json --format html > plans.html
  cloudtrail-kms repair --profile prod --trail TRAIL_ARN --apply
  cloudtrail-kms repair --regions eu-west-1 --apply --yes --output backups/

Exit codes:
  0  every failing trail is repaired by its plan (with --apply: applied and read back), or nothing is to do
  1  a plan is declined or handed over, or leaves something for a person, or was not agreed to
  2  bad usage or bad input
  3  could not finish: something could not be read or written, was changed by somebody else, or was rolled back`;

/** `repair`: proposes the smallest key policy that passes, proved by the engine; changes nothing unless told to. */
export function registerRepair(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('repair')
    .description('propose the smallest key policy that passes, proved by the same engine; with --apply carry it out')
    .option(
      '--snapshot <file>',
      'a snapshot of trails, keys and buckets; `-` reads standard input; left out, AWS is read',
    )
    .addOption(
      new Option('--trail <arn>', 'plan for the key of this trail only; may be given several times').argParser(
        (arn, others: readonly string[] = []) => [...others, arn],
      ),
    )
    .option('--stage', 'the plans cover the trails of --trail alone: other trails of their keys come later', false)
    .option('--key <arn>', 'the key that you chose for a trail that has none, or another one; needs --trail')
    .option(
      '--dedicated-keys',
      'you vouch that no other trail, SNS topic or event data store uses the keys: statements may be narrowed',
      false,
    )
    .option('--diff-access', 'show what each plan gives and takes, proved as `compare` proves it', false)
    .addOption(new Option('--form <form>', 'show the edits as code too').choices(FORMS).default('cli'))
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document: what is excepted is left alone');
  addLiveOptions(command)
    .option('--apply', 'carry the plan out, after a question', false)
    .option('--yes', 'with --apply: do not ask', false);
  addReportOptions(command, ['text', 'json', 'html'])
    .addHelpText('after', EXAMPLES)
    .action(async (options: RepairCommandOptions) => finish(await repair(options, io)));
  describeOption(command, '--output', 'write policy files and a shell script to this directory');
  describeOption(command, '--minimum-severity', 'least severity of a failed check that is repaired (default: LOW)');
  describeOption(command, '--quiet', 'leave out keys with nothing to do, and notes');
}

/** `repair` gives some of the common options a meaning of its own. */
function describeOption(command: Command, flag: string, description: string): void {
  const option = command.options.find(({ long }) => long === flag);
  if (option !== undefined) option.description = description;
}

async function repair(options: RepairCommandOptions, io: Io): Promise<number> {
  refuseContradictions(options);
  if (options.apply) (await import('../repair/apply.ts')).requireConsent(options.yes, io);
  const given = readParameters(options.parameters, options.minimumSeverity);
  const parsed = parseParameters(given);
  // Deliveries without a key prove nothing about the one that was chosen.
  const parameters = options.key === undefined ? parsed : { ...parsed, deliveryEvidenceHours: 0 };
  const isNamed = typeof given.minimumSeverity === 'string' && given.minimumSeverity.trim() !== '';
  const leastSeverity: Severity = isNamed ? parameters.minimumSeverity : 'LOW';
  const source = await readSource(options, io);
  const { snapshot } = source;
  const now = io.now();
  const criteria = {
    source: source.live === null ? 'the snapshot holds' : 'AWS shows',
    parameters,
    exceptions: await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now),
    leastSeverity,
    now,
    trailArns: options.trail ?? [],
    isStage: options.stage,
    chosenKeyArn: options.key ?? null,
    dedicatedKeys: options.dedicatedKeys,
  };
  const plans = await planSnapshot({ snapshot, ...criteria });
  if (options.output !== undefined) await writeBundle(options.output, plans);
  const { output: _, ...toTerminal } = options;
  if (options.format === 'text') {
    const text = {
      ...textOptions(toTerminal, io),
      diffAccess: options.diffAccess,
      inFiles: options.output !== undefined,
    };
    await print(io, textPlans(plans, options.form, text));
  } else if (options.format === 'html') {
    const shown = plans.filter(({ status }) => !options.quiet || status !== 'nothing-to-do');
    await print(
      io,
      htmlPlans(shown, reportAbout({ evaluatedAt: now, factsAt: snapshot.collectedAt, parameters, coverage: null })),
    );
  } else if (!options.apply) await print(io, jsonPlans(plans, options.diffAccess));
  if (options.output !== undefined && !options.quiet)
    warn(io, `wrote the policies and \`${SCRIPT}\` to \`${options.output}\``);
  if (source.live === null) for (const unread of snapshot.unreadTrails) warn(io, `${source.name}: ${unread}`);
  if (options.apply) return apply(plans, source.live, { ...options, criteria }, io);
  const isWhole = source.live?.isWhole ?? snapshot.unreadTrails.length === 0;
  return isWhole ? codeOf(plans) : exitCode.couldNotFinish;
}

function refuseContradictions(options: RepairCommandOptions): void {
  const { format, form, apply: applies, yes, snapshot, stage, trail, dedicatedKeys } = options;
  if (stage && trail === undefined) throw new BadInput('`--stage` needs `--trail`: which trails the stage covers');
  if (stage && dedicatedKeys)
    throw new BadInput('`--stage` leaves trails of a key for later, and `--dedicated-keys` narrows what they live by');
  if (format !== 'text' && form !== 'cli')
    throw new BadInput(`\`--form ${form}\` shapes text, and \`--format\` is \`${format}\``);
  if (yes && !applies) throw new BadInput('`--yes` goes with `--apply`');
  if (applies && snapshot !== undefined)
    throw new BadInput('`--apply` changes live accounts, and `--snapshot` names a file: leave one of them out');
  if (applies && format === 'html')
    throw new BadInput('`--format html` shows plans, and `--apply` carries them out: leave one of them out');
  if (applies && format === 'json' && !yes)
    throw new BadInput('`--apply` with `--format json` shows nothing to agree to: give `--yes`');
}

interface ApplyOptions extends RepairCommandOptions {
  readonly criteria: Omit<Parameters<typeof planSnapshot>[0], 'snapshot'>;
}

async function apply(
  plans: readonly RepairPlan[],
  live: RepairSource['live'],
  { output, format, yes, quiet, diffAccess, criteria }: ApplyOptions,
  io: Io,
): Promise<number> {
  if (live === null) throw new BadInput('`--apply` changes live accounts');
  const { applyPlans, isFinished, requireWhole } = await import('../repair/apply.ts');
  requireWhole(live.isWhole);
  const { reach, document } = live;
  const request = { reach, document, criteria, backupDirectory: output ?? '.', yes, quiet };
  const outcomes = await applyPlans(plans, request, io);
  const { outcomeText } = await import('../repair/applyText.ts');
  await print(
    io,
    format === 'json' ? jsonPlans(plans, diffAccess, outcomes ?? new Map()) : outcomeText(plans, outcomes),
  );
  const all: readonly ApplyOutcome[] = [...(outcomes ?? new Map()).values()];
  if (!all.every(isFinished)) return exitCode.couldNotFinish;
  const isApplied = outcomes !== null && all.every(({ status }) => status === 'applied');
  return isApplied ? codeOf(plans) : exitCode.nonCompliant;
}

function codeOf(plans: readonly RepairPlan[]): number {
  const isSettled = plans.every(
    ({ status, remaining }) => (status === 'repaired' || status === 'nothing-to-do') && remaining.length === 0,
  );
  return isSettled ? exitCode.compliant : exitCode.nonCompliant;
}
