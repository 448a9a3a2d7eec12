import { harmless } from '../report/printable.ts';
import { inBlocks } from './blocks.ts';
import { writeOutput } from './files.ts';
import { type Io, print } from './io.ts';

/** Behind /dev/stdout may be a log that others write to as well: it must not be replaced. */
const STANDARD_OUTPUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

type Pieces = Iterable<string> | AsyncIterable<string>;

/** Writes a command's result to standard output, or the same text to the file that `--output` names. */
export function writeResult(pieces: Pieces, output: string | undefined, io: Io): Promise<void> {
  const blocks = inBlocks(pieces);
  return output === undefined || STANDARD_OUTPUT.has(output) ? print(io, blocks) : writeOutput(output, shown(blocks));
}

/** A file is shown in a terminal sooner or later. */
async function* shown(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) yield harmless(piece);
}
