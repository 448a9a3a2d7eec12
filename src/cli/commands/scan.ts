import type { Command } from 'commander';
import { lesserFactsDecideNothing } from '../../rule/evaluate/lesserFacts.ts';
import { parseParameters } from '../../rule/parameters.ts';
import type { CommandContext } from '../command.ts';
import { evaluateSnapshot } from '../evaluate/evaluateSnapshot.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode, TRAIL_EXIT_CODES } from '../exitCode.ts';
import type { Io } from '../io.ts';
import { addLiveOptions, type LiveOptions, liveRequest, placeOptions, rolesToTry } from '../live/request.ts';
import { addEmptyOption, addTrailReportOptions, type EmptyOptions, type TrailReportOptions } from '../options.ts';
import { printReport, seenCode } from '../printReport.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { jsonText } from '../tooLong.ts';

interface ScanOptions extends LiveOptions, TrailReportOptions, EmptyOptions {
  readonly parameters?: string;
  readonly exceptions?: string;
  readonly decryptAs?: string;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms scan
  cloudtrail-kms scan --profile prod --all-regions
  cloudtrail-kms scan --regions eu-west-1,eu-central-1 --format sarif --output trails.sarif
  cloudtrail-kms scan --accounts 111122223333,444455556666 --role-name audit/Reader --all-regions
  cloudtrail-kms scan --organization --role-name audit/Reader --all-regions --format html --output report.html
  cloudtrail-kms scan --organization --role-name audit/Reader --aggregator everything
  cloudtrail-kms scan --read bucket-policy,key-events
  cloudtrail-kms scan --parameters '{"requiredReaders":"arn:aws:iam::444455556666:role/siem"}' --decrypt-as arn:aws:iam::444455556666:role/siem
  cloudtrail-kms scan --read history --format html --output report.html

A trail is read in its home Region. Reads that AWS denies become findings that name the missing permission; an account
or a Region whose trails cannot be listed is named on standard error.
${TRAIL_EXIT_CODES}
  3  could not finish: an account, a Region or a list of trails could not be read, or a file could not be written`;

/** `scan`: reads live accounts and evaluates every trail. */
export function registerScan(program: Command, { io, finish }: CommandContext): void {
  const command = program.command('scan').description('read live accounts and evaluate every trail');
  addLiveOptions(command)
    .option('--parameters <json>', 'rule parameters as a JSON object of strings')
    .option('--exceptions <file>', 'the exceptions document')
    .option(
      '--decrypt-as <list>',
      'assume these roles of `requiredReaders`, and try kms:Decrypt with DryRun as each of them; no log is read',
    );
  addEmptyOption(addTrailReportOptions(command))
    .addHelpText('after', EXAMPLES)
    .action(async (options: ScanOptions) => finish(await scan(options, io)));
}

/** One path: what `collect` would write is what is evaluated, so that the verdicts are those of `evaluate`. */
async function scan(options: ScanOptions, io: Io): Promise<number> {
  const parameters = readParameters(options.parameters, options.minimumSeverity);
  // What is wrong with the input is said before anything is read.
  const checked = parseParameters(parameters);
  const decryptAs = rolesToTry(options.decryptAs, checked.requiredReaders);
  const request = {
    ...liveRequest(options),
    ...(decryptAs !== null && { decryptAs }),
    throttledIsUnread: lesserFactsDecideNothing(checked),
  };
  const exceptions = await readExceptions(options.exceptions, io, io.now());
  // The SDK is loaded by the commands that need it alone.
  const { readLive } = await import('../live/readLive.ts');
  const { document, isWhole, replicas } = await readLive(request, io, options.quiet);
  const snapshot = parseSnapshot(jsonText(document), 'of this scan');
  const report = await evaluateSnapshot({
    snapshot,
    parameters,
    exceptions,
    repairSource: placeOptions(request),
    now: io.now(),
  });
  const printed = await printReport(report, options, io);
  return isWhole ? seenCode(printed, replicas, options, io) : exitCode.couldNotFinish;
}
