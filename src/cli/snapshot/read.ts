import { createReadStream } from 'node:fs';
import { BadInput } from '../errors.ts';
import { readInput, reasonOf } from '../files.ts';
import type { Io } from '../io.ts';
import { linesOf } from '../lines.ts';
import { IN_LINES, isTooLong } from '../tooLong.ts';
import { lineParser } from './lineParser.ts';
import { parseSnapshot } from './parse.ts';
import type { Snapshot } from './snapshot.ts';

/** Whether a file holds a snapshot in JSON lines. */
export const holdsLines = (file: string): boolean => /\.(?:jsonl|ndjson)$/i.test(file);

/** A snapshot that is one JSON text. Throws `BadInput` that names the file. */
export async function readSnapshot(io: Io, file: string): Promise<Snapshot> {
  return parseSnapshot(await readSnapshotText(io, file), file);
}

export async function readSnapshotText(io: Io, file: string): Promise<string> {
  if (holdsLines(file))
    throw new BadInput(
      `snapshot \`${file}\` holds JSON lines, which \`evaluate\` alone takes: accepted is one JSON text`,
    );
  return readInput(io, file).catch((error: unknown) => {
    throw error instanceof BadInput && isTooLong(error.cause) ? new BadInput(`${error.message}: ${IN_LINES}`) : error;
  });
}

/** A line of a snapshot: what it tells, or what is wrong with it. */
export type SnapshotLine =
  | { readonly number: number; readonly snapshot: Snapshot }
  | { readonly number: number; readonly problem: string };

/** Characters of the longest line that is taken: many times what a trail with its key can need. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The lines of a file that are not empty, one after the other. Throws `BadInput` where the file cannot be read. */
export async function* snapshotLines(file: string): AsyncGenerator<SnapshotLine> {
  const parse = lineParser();
  let number = 0;
  let isFirst = true;
  try {
    for await (const text of linesOf(createReadStream(file), LONGEST_LINE)) {
      number += 1;
      const line = number === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (line.trim() === '') continue;
      yield lineOf(number, () => parse(line, isFirst));
      isFirst = false;
    }
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === undefined) throw error;
    throw new BadInput(`cannot read \`${file}\`: ${reasonOf(error)}`, { cause: error });
  }

  function lineOf(at: number, read: () => Snapshot): SnapshotLine {
    try {
      return { number: at, snapshot: read() };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { number: at, problem: error.message };
    }
  }
}
