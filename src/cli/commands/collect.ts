import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { BadInput } from '../errors.ts';
import { exitCode } from '../exitCode.ts';
import { readInput } from '../files.ts';
import type { Io } from '../io.ts';
import { addLiveOptions, type LiveOptions, liveRequest } from '../live/request.ts';
import { writeRedacted } from '../redact/writeRedacted.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { writeResult } from '../writeResult.ts';

interface CollectOptions extends LiveOptions {
  readonly redact: boolean;
  readonly from?: string;
  readonly output?: string;
  readonly quiet: boolean;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms collect --all-regions --output snapshot.json
  cloudtrail-kms collect --organization --role-name audit/Reader --output snapshot.json
  cloudtrail-kms collect --profile prod | cloudtrail-kms evaluate --snapshot -
  cloudtrail-kms collect --redact --output to-show.json
  cloudtrail-kms collect --redact --from snapshot.json --output to-show.json

What could not be read stands in the snapshot with AWS's error in its place. The exit code is 3 when an account, a Region
or a trail is missing.

With --redact account ids, names and the ids of keys, organizations and principals are replaced, the same one by the same
everywhere, so that the snapshot is evaluated to the same verdicts and can be shown. Values of conditions that are neither, such
as addresses and tags, stay: look through it first.`;

/** `collect`: reads live accounts into a snapshot, which \`evaluate\` reads to the same verdicts as \`scan\`. */
export function registerCollect(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('collect')
    .description('read live accounts into a snapshot, for evaluate, explain and repair');
  addLiveOptions(command)
    .addOption(new Option('--format <format>', 'how the snapshot is written').choices(['json']).default('json'))
    .option('--output <file>', 'write the snapshot to a file, as a whole or not at all')
    .option('--redact', 'replace ids and names, so that the snapshot can be shown', false)
    .option('--from <file>', 'with --redact: a snapshot that is there already; `-` reads standard input')
    .option('--quiet', 'no progress on standard error', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: CollectOptions) => finish(await run(options, io)));
}

async function run(options: CollectOptions, io: Io): Promise<number> {
  const { document, isWhole } = await (options.from === undefined ? live(options, io) : kept(options, io));
  const isTrue = options.redact
    ? await writeRedacted(document, options.output, io)
    : await writeResult([`${JSON.stringify(document, null, 2)}\n`], options.output, io).then(() => true);
  return isWhole && isTrue ? exitCode.compliant : exitCode.couldNotFinish;
}

interface Read {
  readonly document: unknown;
  readonly isWhole: boolean;
}

async function live(options: CollectOptions, io: Io): Promise<Read> {
  const request = liveRequest(options);
  // The SDK is loaded by the commands that need it alone.
  const { readLive } = await import('../live/readLive.ts');
  return readLive(request, io, options.quiet);
}

/** @throws BadInput where it is no snapshot, or is not to be redacted */
async function kept({ from = '-', redact }: CollectOptions, io: Io): Promise<Read> {
  if (!redact) throw new BadInput('`--from` is read to be redacted: it takes `--redact`');
  const text = await readInput(io, from);
  parseSnapshot(text, from);
  return { document: JSON.parse(text), isWhole: true };
}
