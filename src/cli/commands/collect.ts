import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { exitCode } from '../exitCode.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import type { SnapshotDocument } from '../live/document.ts';
import { documentLines } from '../live/documentLines.ts';
import { addLiveOptions, type LiveOptions, liveRequest } from '../live/request.ts';
import { writeRedacted } from '../redact/writeRedacted.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { jsonText } from '../tooLong.ts';
import { writeResult } from '../writeResult.ts';

interface CollectOptions extends LiveOptions {
  readonly format: 'json' | 'jsonl';
  readonly redact: boolean;
  readonly from?: string;
  readonly output?: string;
  readonly quiet: boolean;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms collect --all-regions --output snapshot.json
  cloudtrail-kms collect --organization --role-name audit/Reader --output snapshot.json
  cloudtrail-kms collect --organization --role-name audit/Reader --format jsonl --output snapshot.jsonl
  cloudtrail-kms collect --profile prod | cloudtrail-kms evaluate --snapshot -
  cloudtrail-kms collect --redact --output to-show.json
  cloudtrail-kms collect --redact --from snapshot.json --output to-show.json

What could not be read stands in the snapshot with AWS's error in its place.

With --redact account ids, names and the ids of keys, organizations and principals are replaced, the same one by the same
everywhere, so that the snapshot is evaluated to the same verdicts and can be shown. Values of conditions that are neither, such
as addresses and tags, stay: look through it first.

Exit codes:
  0  the snapshot is whole
  2  bad usage
  3  could not finish: an account, a Region or a trail is missing, or the file could not be written`;

/** `collect`: reads live accounts into a snapshot, which \`evaluate\` reads to the same verdicts as \`scan\`. */
export function registerCollect(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('collect')
    .description('read live accounts into a snapshot, for evaluate, explain and repair');
  addLiveOptions(command)
    .addOption(
      new Option('--format <format>', 'how the snapshot is written; jsonl: a trail or event data store a line')
        .choices(['json', 'jsonl'])
        .default('json'),
    )
    .option('--output <file>', 'write the snapshot to a file, as a whole or not at all')
    .option('--redact', 'replace ids and names, so that the snapshot can be shown', false)
    .option('--from <file>', 'with --redact: a snapshot that is there already; `-` reads standard input')
    .option('--quiet', 'no progress on standard error', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: CollectOptions) => finish(await run(options, io)));
}

async function run(options: CollectOptions, io: Io): Promise<number> {
  const isWhole = await (options.redact ? redact(options, io) : collect(options, io));
  return isWhole ? exitCode.compliant : exitCode.couldNotFinish;
}

async function collect(options: CollectOptions, io: Io): Promise<boolean> {
  if (options.from !== undefined) throw new BadInput('`--from` is read to be redacted: it takes `--redact`');
  const { document, isWhole } = await live(options, io);
  const pieces = options.format === 'jsonl' ? documentLines(document) : [`${jsonText(document, 2)}\n`];
  await writeResult(pieces, options.output, io);
  return isWhole;
}

/** @returns whether the snapshot is whole, and evaluated to the same verdicts */
async function redact(options: CollectOptions, io: Io): Promise<boolean> {
  if (options.format !== 'json')
    throw new BadInput(`\`--redact\` writes one document: \`--format\` is \`${options.format}\`, accepted is \`json\``);
  const { document, isWhole } = await (options.from === undefined ? live(options, io) : kept(options.from, io));
  return (await writeRedacted(document, options.output, io)) && isWhole;
}

interface Read<T> {
  readonly document: T;
  readonly isWhole: boolean;
}

async function live(options: CollectOptions, io: Io): Promise<Read<SnapshotDocument>> {
  const request = liveRequest(options);
  // The SDK is loaded by the commands that need it alone.
  const { readLive } = await import('../live/readLive.ts');
  return readLive(request, io, options.quiet);
}

/** @throws BadInput where it is no snapshot */
async function kept(snapshot: string, io: Io): Promise<Read<unknown>> {
  const text = await readInput(io, snapshot);
  parseSnapshot(text, snapshot);
  return { document: JSON.parse(text), isWhole: true };
}
