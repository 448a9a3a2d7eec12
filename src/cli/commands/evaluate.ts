import type { Command } from 'commander';
import { InvalidExceptionsError, InvalidInvocationError } from '../../rule/errors.ts';
import { type Exceptions, NO_EXCEPTIONS, parseExceptions } from '../../rule/exceptions.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { evaluateSnapshot } from '../evaluate/evaluateSnapshot.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { readInput } from '../files.ts';
import { type Io, warn } from '../io.ts';
import { parseJson } from '../json.ts';
import { addReportOptions, type ReportOptions } from '../options.ts';
import { printReport, verdictCode } from '../printReport.ts';
import { parseSnapshot } from '../snapshot/parse.ts';

interface EvaluateOptions extends ReportOptions {
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
  cloudtrail-kms evaluate --snapshot snapshot.json --parameters '{"requireKeyRotation":"true"}' --quiet`;

/** `evaluate`: judges the trails of a snapshot offline, through the code that runs in Lambda. */
export function registerEvaluate(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('evaluate')
    .description('evaluate a snapshot offline, through the code that runs in Lambda')
    .requiredOption('--snapshot <file>', 'the snapshot of trails, keys and buckets; `-` reads standard input')
    .option('--event <file>', 'an AWS Config event: report what the Lambda would report for it')
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document');
  addReportOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (options: EvaluateOptions) => finish(await evaluate(options, io)));
}

async function evaluate(options: EvaluateOptions, io: Io): Promise<number> {
  const parameters = readParameters(options.parameters, options.minimumSeverity);
  const snapshot = parseSnapshot(await readInput(io, options.snapshot), options.snapshot);
  const now = io.now();
  const exceptions = await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now);
  const event = await readEvent(options.event, io);
  const report = await naming('event', options.event, InvalidInvocationError, () =>
    evaluateSnapshot({ snapshot, parameters, exceptions, now, ...event }),
  );
  const summary = await printReport(report, options, io);
  for (const unread of snapshot.unreadTrails) warn(io, `snapshot \`${options.snapshot}\`: ${unread}`);
  return snapshot.unreadTrails.length > 0 ? exitCode.couldNotFinish : verdictCode(summary);
}

async function readEvent(file: string | undefined, io: Io): Promise<{ readonly event?: unknown }> {
  return file === undefined ? {} : { event: parseJson(await readInput(io, file), file) };
}

async function readExceptions(file: string | undefined, io: Io, now: Date): Promise<Exceptions> {
  if (file === undefined) return NO_EXCEPTIONS;
  const document = await readInput(io, file);
  return naming('exceptions', file, InvalidExceptionsError, async () => parseExceptions(document, now));
}

/** Does something, and puts the file before the message of an error that is about the file. */
async function naming<T>(
  kind: string,
  file: string | undefined,
  about: typeof InvalidInvocationError | typeof InvalidExceptionsError,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof about)) throw error;
    throw new BadInput(`${kind} \`${file}\`: ${error.message}`, { cause: error });
  }
}
