import type { Command } from 'commander';
import type { ReportStream } from '../../report/build.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
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
import { parseSnapshot } from '../snapshot/parse.ts';

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
    .requiredOption('--snapshot <file>', 'the snapshot of trails, keys and buckets; `-` reads standard input')
    .option('--event <file>', 'an AWS Config event: report what the Lambda would report for it')
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document');
  addEmptyOption(addTrailReportOptions(addPolicyOption(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (options: EvaluateOptions) => finish(await evaluate(options, io)));
}

async function evaluate(options: EvaluateOptions, io: Io): Promise<number> {
  const parameters = readParameters(options.parameters, options.minimumSeverity);
  const parsed = parseSnapshot(await readInput(io, options.snapshot), options.snapshot);
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
