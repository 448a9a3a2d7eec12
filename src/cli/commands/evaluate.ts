import type { Command } from 'commander';
import type { ReportStream } from '../../report/build.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { evaluateLines, headOf } from '../evaluate/evaluateLines.ts';
import { type EvaluationRequest, evaluateSnapshot } from '../evaluate/evaluateSnapshot.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode, TRAIL_EXIT_CODES } from '../exitCode.ts';
import { readInput } from '../files.ts';
import { type Io, warn } from '../io.ts';
import { parseJson } from '../json.ts';
import { addEmptyOption, addTrailReportOptions, type EmptyOptions, type TrailReportOptions } from '../options.ts';
import { printReport, seenCode } from '../printReport.ts';
import { addPolicyOption, type PolicyOptions, withOtherPolicies } from '../snapshot/otherPolicies.ts';
import { holdsLines, readSnapshot } from '../snapshot/read.ts';

interface EvaluateOptions extends TrailReportOptions, EmptyOptions, PolicyOptions {
  readonly snapshot: string;
  readonly event?: string;
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms evaluate --snapshot snapshot.json
  cloudtrail-kms evaluate --snapshot snapshot.json --format json --output report.json
  cloudtrail-kms evaluate --snapshot snapshot.json --event event.json
  cloudtrail-kms evaluate --snapshot snapshot.jsonl --format json --output report.json
  cloudtrail-kms evaluate --snapshot snapshot.json --policy KEY_ARN=proposed.json
  cloudtrail-kms evaluate --snapshot snapshot.json --parameters '{"requireKeyRotation":"true"}' --quiet
  cloudtrail-kms evaluate --snapshot snapshot.json --baseline last-week.json --new-only
${TRAIL_EXIT_CODES}
  3  could not finish: the snapshot holds trails that could not be read, or a file could not be written`;

/** `evaluate`: evaluates the trails of a snapshot offline, through the code that runs in Lambda. */
export function registerEvaluate(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('evaluate a snapshot offline, through the code that runs in Lambda')
    .requiredOption(
      '--snapshot <file>',
      'the snapshot of trails, keys and buckets, `-` reads standard input; FILE.jsonl is read line by line',
    )
    .option('--event <file>', 'an AWS Config event: report what the Lambda would report for it')
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document');
  addEmptyOption(addTrailReportOptions(addPolicyOption(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (options: EvaluateOptions) => finish(await evaluate(options, io)));
}

async function evaluate(options: EvaluateOptions, io: Io): Promise<number> {
  if (holdsLines(options.snapshot)) return evaluateEachLine(options, io);
  const parameters = readParameters(options.parameters, options.minimumSeverity);
  const parsed = await readSnapshot(io, options.snapshot);
  const snapshot = await withOtherPolicies(parsed, options.policy, options.snapshot, io);
  const now = io.now();
  const exceptions = await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now);
  const event = await readEvent(options.event, io);
  const repairSource = ['--snapshot', options.snapshot];
  const request = { snapshot, parameters, exceptions, repairSource, now, ...event };
  const report = await evaluated(request, options.event);
  const file = options.snapshot === '-' ? undefined : options.snapshot;
  const printed = await printReport({ ...report, file }, options, io);
  for (const unread of snapshot.unreadTrails) warn(io, `snapshot \`${options.snapshot}\`: ${unread}`);
  return snapshot.unreadTrails.length > 0
    ? exitCode.couldNotFinish
    : seenCode(printed, snapshot.trails.length, options, io);
}

async function evaluateEachLine(options: EvaluateOptions, io: Io): Promise<number> {
  const { snapshot: file } = options;
  if (options.event !== undefined || options.policy.length > 0)
    throw new BadInput(
      `\`${options.event === undefined ? '--policy' : '--event'}\` goes with a snapshot that is one JSON text`,
    );
  const parameters = readParameters(options.parameters, options.minimumSeverity);
  const now = io.now();
  const head = await headOf(file);
  const exceptions = await readExceptions(options.exceptions, io, head.collectedAt ?? now);
  const kinds = new Set<'bad' | 'unread'>();
  let said = 0;
  const problem = (line: number, kind: 'bad' | 'unread', sentences: readonly string[]): void => {
    kinds.add(kind);
    // Each further report reads the lines again.
    if (line > said) for (const sentence of sentences) warn(io, `snapshot \`${file}\`: line ${line}: ${sentence}`);
    said = Math.max(said, line);
  };
  const report = await evaluateLines({ file, head, parameters, exceptions, now, problem });
  const printed = await printReport(report, options, io);
  if (kinds.has('unread')) return exitCode.couldNotFinish;
  return kinds.has('bad') ? exitCode.badInput : seenCode(printed, 0, options, io);
}

async function readEvent(file: string | undefined, io: Io): Promise<{ readonly event?: unknown }> {
  return file === undefined ? {} : { event: parseJson(await readInput(io, file), file) };
}

/** Evaluates, and puts the event's file before the message of an error that is about the event. */
async function evaluated(request: EvaluationRequest, file: string | undefined): Promise<ReportStream> {
  try {
    return await evaluateSnapshot(request);
  } catch (error) {
    const aboutEvent = error instanceof InvalidInputError && !Object.hasOwn(request.parameters, error.member);
    if (file === undefined || !aboutEvent) throw error;
    throw new BadInput(`event \`${file}\`: ${error.message}`, { cause: error });
  }
}
