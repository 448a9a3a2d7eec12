import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { exitCode } from '../exitCode.ts';
import type { Io } from '../io.ts';
import { documentLines } from '../live/documentLines.ts';
import { addLiveOptions, type LiveOptions, liveRequest } from '../live/request.ts';
import { jsonText } from '../tooLong.ts';
import { writeResult } from '../writeResult.ts';

interface CollectOptions extends LiveOptions {
  readonly format: 'json' | 'jsonl';
  readonly output?: string;
  readonly quiet: boolean;
}

const EXAMPLES = `
Examples:
  cloudtrail-kms collect --all-regions --output snapshot.json
  cloudtrail-kms collect --organization --role-name audit/Reader --output snapshot.json
  cloudtrail-kms collect --organization --role-name audit/Reader --format jsonl --output snapshot.jsonl
  cloudtrail-kms collect --profile prod | cloudtrail-kms evaluate --snapshot -

What could not be read stands in the snapshot with AWS's error in its place. The exit code is 3 when an account, a Region
or a trail is missing.`;

/** `collect`: reads live accounts into a snapshot, which \`evaluate\` reads to the same verdicts as \`scan\`. */
export function registerCollect(program: Command, { io, finish }: CommandContext): void {
  const command = program
    .command('collect')
    .description('read live accounts into a snapshot, for evaluate, explain and repair');
  addLiveOptions(command)
    .addOption(
      new Option('--format <format>', 'how the snapshot is written; jsonl: a trail a line')
        .choices(['json', 'jsonl'])
        .default('json'),
    )
    .option('--output <file>', 'write the snapshot to a file, as a whole or not at all')
    .option('--quiet', 'no progress on standard error', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: CollectOptions) => finish(await run(options, io)));
}

async function run(options: CollectOptions, io: Io): Promise<number> {
  const request = liveRequest(options);
  // The SDK is loaded by the commands that need it alone.
  const { readLive } = await import('../live/readLive.ts');
  const { document, isWhole } = await readLive(request, io, options.quiet);
  const pieces = options.format === 'jsonl' ? documentLines(document) : [`${jsonText(document, 2)}\n`];
  await writeResult(pieces, options.output, io);
  return isWhole ? exitCode.compliant : exitCode.couldNotFinish;
}
