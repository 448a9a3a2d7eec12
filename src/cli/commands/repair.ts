import { type Command, Option } from 'commander';
import { parseParameters } from '../../rule/parameters.ts';
import type { Severity } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { readInput } from '../files.ts';
import { type Io, print, warn } from '../io.ts';
import { addReportOptions, type ReportOptions } from '../options.ts';
import { textOptions } from '../printReport.ts';
import { SCRIPT, writeBundle } from '../repair/bundle.ts';
import { FORMS, type Form } from '../repair/forms.ts';
import { jsonPlans } from '../repair/json.ts';
import { planSnapshot } from '../repair/planSnapshot.ts';
import { textPlans } from '../repair/text.ts';
import { parseSnapshot } from '../snapshot/parse.ts';

interface RepairCommandOptions extends ReportOptions {
  readonly snapshot: string;
  readonly trail?: string;
  readonly key?: string;
  readonly form: Form;
  readonly dedicatedKeys: boolean;
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
Nothing is changed: the plan is printed, and with --output written to a directory as policy files and a script.

Examples:
  cloudtrail-kms repair --snapshot snapshot.json
  cloudtrail-kms repair --snapshot snapshot.json --output repair/
  cloudtrail-kms repair --snapshot snapshot.json --form terraform
  cloudtrail-kms repair --snapshot snapshot.json --trail TRAIL_ARN --key KEY_ARN
  cloudtrail-kms repair --snapshot snapshot.json --format json

Exit codes:
  0  every failing trail is repaired by its plan, or nothing is to do
  1  a plan is declined, or leaves something for a person
  2  bad usage or bad input
  3  could not finish: something could not be read or written`;

/** `repair`: proposes the smallest key policy that passes, proved by the engine; changes nothing. */
export function registerRepair(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('repair')
    .description('propose the smallest key policy that passes, proved by the same engine; changes nothing')
    .requiredOption('--snapshot <file>', 'the snapshot of trails, keys and buckets; `-` reads standard input')
    .option('--trail <arn>', 'plan for the key of this trail only')
    .option('--key <arn>', 'the key that you chose for a trail without one; needs --trail')
    .option(
      '--dedicated-keys',
      'you vouch that no other trail, SNS topic or event data store uses the keys: statements may be narrowed',
      false,
    )
    .addOption(new Option('--form <form>', 'show the edits as code too').choices(FORMS).default('cli'))
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document: what is excepted is left alone');
  addReportOptions(command, ['text', 'json'])
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
  if (options.format === 'json' && options.form !== 'cli')
    throw new BadInput(`\`--form ${options.form}\` shapes text, and \`--format\` is \`json\``);
  const given = readParameters(options.parameters, options.minimumSeverity);
  const parameters = parseParameters(given);
  const isNamed = typeof given.minimumSeverity === 'string' && given.minimumSeverity.trim() !== '';
  const leastSeverity: Severity = isNamed ? parameters.minimumSeverity : 'LOW';
  const snapshot = parseSnapshot(await readInput(io, options.snapshot), options.snapshot);
  const now = io.now();
  const plans = await planSnapshot({
    snapshot,
    parameters,
    exceptions: await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now),
    leastSeverity,
    now,
    trailArn: options.trail ?? null,
    chosenKeyArn: options.key ?? null,
    dedicatedKeys: options.dedicatedKeys,
  });
  if (options.output !== undefined) await writeBundle(options.output, plans);
  const { output: _, ...toTerminal } = options;
  await print(
    io,
    options.format === 'json' ? jsonPlans(plans) : textPlans(plans, options.form, textOptions(toTerminal, io)),
  );
  if (options.output !== undefined && !options.quiet)
    warn(io, `wrote the policies and \`${SCRIPT}\` to \`${options.output}\``);
  for (const unread of snapshot.unreadTrails) warn(io, `snapshot \`${options.snapshot}\`: ${unread}`);
  return snapshot.unreadTrails.length > 0 ? exitCode.couldNotFinish : codeOf(plans);
}

function codeOf(plans: readonly RepairPlan[]): number {
  const isSettled = plans.every(({ status, remaining }) => status !== 'declined' && remaining.length === 0);
  return isSettled ? exitCode.compliant : exitCode.nonCompliant;
}
