import { randomBytes } from 'node:crypto';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { BadInput, CouldNotFinish } from './errors.ts';
import { type Io, messageOf } from './io.ts';

/** Reads a file of the command line's; `-` is standard input. Throws `BadInput` that names the file. */
export async function readInput(io: Io, file: string): Promise<string> {
  try {
    return file === '-' ? await text(io.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInput(`cannot read \`${file}\`: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Writes a file as a whole or not at all: beside its place, then renamed over it.
 *
 * A device or a pipe (`/dev/stdout`) is written to directly. Throws `CouldNotFinish` that names the file.
 */
export async function writeOutput(file: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const existing = await stat(file).catch(() => null);
  const direct = existing !== null && !existing.isFile() && !existing.isDirectory();
  const place = await realpath(file).catch(() => file);
  const target = direct ? file : `${place}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    if (existing?.isDirectory()) throw new Error('it is a directory');
    await writeFile(target, pieces, direct ? {} : { flag: 'wx', mode: existing?.mode ?? 0o666 });
    if (!direct) await rename(target, place);
  } catch (error) {
    if (!direct) await rm(target, { force: true }).catch(() => undefined);
    throw new CouldNotFinish(`cannot write \`${file}\`: ${reasonOf(error)}`, { cause: error });
  }
}

/** What went wrong with a file, without the path that Node repeats. */
function reasonOf(error: unknown): string {
  switch ((error as { code?: unknown } | null)?.code) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a directory';
    case 'ENOTDIR':
      return 'a part of the path is not a directory';
    default:
      return messageOf(error);
  }
}
