import { type Command, Option } from 'commander';
import { jsonExplanation, type TrailExplanation, textExplanation } from '../../report/explanation.ts';
import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import { checkOptions, parseParameters } from '../../rule/parameters.ts';
import { explainTrail } from '../../trail/explainTrail.ts';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { readExceptions } from '../evaluate/exceptions.ts';
import { readParameters } from '../evaluate/parameters.ts';
import { exitCode } from '../exitCode.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import { addReportOptions, type ReportOptions } from '../options.ts';
import { textOptions } from '../printReport.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import { writeResult } from '../writeResult.ts';

interface ExplainOptions extends ReportOptions {
  readonly snapshot: string;
  readonly trail?: string;
  readonly parameters?: string;
  readonly exceptions?: string;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms explain --snapshot snapshot.json
  cloudtrail-kms explain --snapshot snapshot.json --trail arn:aws:cloudtrail:us-east-1:111122223333:trail/main
  cloudtrail-kms explain --snapshot snapshot.json --format json`;

/** `explain`: shows, statement by statement, why CloudTrail may or may not use a key. */
export function registerExplain(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('explain')
    .description('show, statement by statement, why CloudTrail may or may not use the key of a trail')
    .requiredOption('--snapshot <file>', 'the snapshot of trails, keys and buckets; `-` reads standard input')
    .option('--trail <arn>', 'explain this trail only')
    .addOption(new Option('--parameters <json>', 'rule parameters as a JSON object of strings'))
    .option('--exceptions <file>', 'the exceptions document');
  addReportOptions(command, ['text', 'json'])
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExplainOptions) => finish(await explain(options, io)));
}

async function explain(options: ExplainOptions, io: Io): Promise<number> {
  const explanations = await explainSnapshot(options, io);
  const pieces =
    options.format === 'json'
      ? [jsonExplanation(explanations)]
      : textExplanation(explanations, textOptions(options, io));
  await writeResult(pieces, options.output, io);
  const isFailing = explanations.some(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT');
  return isFailing ? exitCode.nonCompliant : exitCode.compliant;
}

async function explainSnapshot(options: ExplainOptions, io: Io): Promise<readonly TrailExplanation[]> {
  const parameters = parseParameters(readParameters(options.parameters, options.minimumSeverity));
  const snapshot = parseSnapshot(await readInput(io, options.snapshot), options.snapshot);
  const now = io.now();
  const exceptions = await readExceptions(options.exceptions, io, snapshot.collectedAt ?? now);
  const ports = snapshotPorts(snapshot, null, now);
  const trails = (await ports.listTrails()).filter(({ arn }) => options.trail === undefined || arn === options.trail);
  if (trails.length === 0 && options.trail !== undefined)
    throw new BadInput(`snapshot \`${options.snapshot}\` holds no trail \`${options.trail}\``);
  const verdicts = await evaluateTrails(trails, ports, parameters, exceptions);
  return verdicts.map((verdict) => {
    const { trail, key } = verdict;
    return { verdict, requests: key === null ? null : explainTrail(trail, key, checkOptions(parameters)) };
  });
}
