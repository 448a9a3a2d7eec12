import { type Command, Option } from 'commander';
import { jsonExplanation, type TrailExplanation, textExplanation } from '../../report/explanation.ts';
import { jsonPrincipal, type PrincipalOfTrail, textPrincipal } from '../../report/principalExplanation.ts';
import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import type { TrailVerdict } from '../../rule/evaluate/evaluation.ts';
import { checkOptions, parseParameters } from '../../rule/parameters.ts';
import type { CheckOptions } from '../../trail/check.ts';
import { explainPrincipal } from '../../trail/explainPrincipal.ts';
import { explainTrail } from '../../trail/explainTrail.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { type PrincipalQuestion, principalQuestion } from '../explain/question.ts';
import { type Io, warn } from '../io.ts';
import { addFailOn, addReportOptions, type FailOptions, type ReportOptions } from '../options.ts';
import { isFailure, textOptions, verdictCode } from '../printReport.ts';
import { addPolicyOption, type PolicyOptions, withOtherPolicies } from '../snapshot/otherPolicies.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import { readSnapshot } from '../snapshot/read.ts';
import { writeResult } from '../writeResult.ts';

interface ExplainOptions extends ReportOptions, FailOptions, PolicyOptions {
  readonly snapshot: string;
  readonly trail?: string;
  readonly principal?: string;
  readonly action?: string;
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms explain --snapshot snapshot.json
  cloudtrail-kms explain --snapshot snapshot.json --trail arn:aws:cloudtrail:us-east-1:111122223333:trail/main
  cloudtrail-kms explain --snapshot snapshot.json --principal arn:aws:iam::444455556666:role/siem
  cloudtrail-kms explain --snapshot snapshot.json --policy KEY_ARN=proposed.json
  cloudtrail-kms explain --snapshot snapshot.json --format json

With --principal: may this role or user read the trail's log and digest files? allowed, delegated (the IAM policies of an
account decide), denied or unknown. IAM policies and permissions boundaries are not read.

Exit codes:
  0  no trail is NON_COMPLIANT, or none has a standing of --fail-on; with --principal: nothing is denied or unknown
  1  a trail is NON_COMPLIANT, or has a standing of --fail-on; with --principal: something is denied or unknown
  2  bad usage or bad input
  3  could not finish: the snapshot holds trails that could not be read, or a file could not be written`;

/** `explain`: shows, statement by statement, why CloudTrail may or may not use a key. */
export function registerExplain(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('explain')
    .description('show, statement by statement, why CloudTrail may or may not use the key of a trail')
    .requiredOption('--snapshot <file>', 'the snapshot of trails, keys and buckets; `-` reads standard input')
    .option('--trail <arn>', 'explain this trail only')
    .option('--principal <arn>', "explain whether this role or user may use the key for the trail's files")
    .option('--action <action>', 'what the principal asks for (default: kms:Decrypt)')
    .addOption(new Option('--parameters <json>', 'rule parameters as a JSON object of strings'))
    .option('--exceptions <file>', 'the exceptions document');
  addFailOn(addReportOptions(addPolicyOption(command), ['text', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExplainOptions) => finish(await explain(options, io)));
}

async function explain(options: ExplainOptions, io: Io): Promise<number> {
  const question = principalQuestion(options.principal, options.action);
  const evaluated = await evaluateSnapshotTrails(options, io);
  const code = await (question === null
    ? explainToCloudTrail(evaluated, options, io)
    : explainToPrincipal(question, evaluated, options, io));
  for (const unread of evaluated.unread) warn(io, `snapshot \`${options.snapshot}\`: ${unread}`);
  return evaluated.unread.length > 0 ? exitCode.couldNotFinish : code;
}

async function explainToCloudTrail(evaluated: Evaluated, options: ExplainOptions, io: Io): Promise<number> {
  const explanations = evaluated.verdicts.map((verdict): TrailExplanation => {
    const { trail, key } = verdict;
    return { verdict, requests: key === null ? null : explainTrail(trail, key, evaluated.checks) };
  });
  const pieces =
    options.format === 'json'
      ? [jsonExplanation(explanations)]
      : textExplanation(explanations, textOptions(options, io));
  await writeResult(pieces, options.output, io);
  return verdictCode({ failing: explanations.filter(({ verdict }) => isFailure(verdict, options)).length });
}

interface Evaluated {
  readonly verdicts: readonly TrailVerdict[];
  readonly checks: CheckOptions;
  /** What was asked for and could not be explained. */
  readonly unread: readonly string[];
}

async function evaluateSnapshotTrails(options: ExplainOptions, io: Io): Promise<Evaluated> {
  const parameters = parseParameters(readParameters(options.parameters, options.minimumSeverity));
  const parsed = await readSnapshot(io, options.snapshot);
  const snapshot = await withOtherPolicies(parsed, options.policy, options.snapshot, io);
  const now = io.now();
  const exceptions = await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now);
  const ports = snapshotPorts(snapshot, null, now);
  const trails = (await ports.listTrails()).filter(({ arn }) => options.trail === undefined || arn === options.trail);
  if (trails.length === 0 && options.trail !== undefined)
    throw new BadInput(`snapshot \`${options.snapshot}\` holds no trail \`${options.trail}\``);
  return {
    verdicts: await evaluateTrails(trails, ports, parameters, exceptions),
    checks: checkOptions(parameters),
    unread: options.trail === undefined ? snapshot.unreadTrails : [],
  };
}

async function explainToPrincipal(
  question: PrincipalQuestion,
  { verdicts, checks }: Evaluated,
  options: ExplainOptions,
  io: Io,
): Promise<number> {
  const { principal, action } = question;
  const trails = verdicts.map(({ trail, key }): PrincipalOfTrail => {
    const explanation = key === null ? null : explainPrincipal(trail, key, checks, principal, action);
    return { trail, key, explanation };
  });
  const pieces =
    options.format === 'json'
      ? [jsonPrincipal(question, trails)]
      : textPrincipal(question, trails, textOptions(options, io));
  await writeResult(pieces, options.output, io);
  const isSettled = ({ explanation }: PrincipalOfTrail): boolean =>
    explanation === null ||
    (explanation.read &&
      explanation.value.files.every(({ outcome }) => outcome === 'allowed' || outcome === 'delegated'));
  return trails.every(isSettled) ? exitCode.compliant : exitCode.nonCompliant;
}
