import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { BadInput, CouldNotFinish } from './errors.ts';
import { type Io, messageOf } from './io.ts';
import { isTooLong } from './tooLong.ts';

/** Reads a file of the command line's; `-` is standard input. Throws `BadInput` that names the file. */
export async function readInput(io: Io, file: string): Promise<string> {
  try {
    return file === '-' ? await text(io.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInput(`cannot read \`${file}\`: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Writes a file as a whole or not at all: beside its place, then renamed over it. A signal leaves nothing behind.
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
    if (direct) await writeFile(target, pieces);
    else
      await takenAwayBySignals(target, async () => {
        // At once: what is only being made when a signal comes could not be taken away.
        const fd = openSync(target, 'wx', existing?.mode ?? 0o666);
        try {
          // A stream takes twice as long, and nothing else is to be done meanwhile.
          for await (const piece of pieces) writeFileSync(fd, piece);
        } finally {
          closeSync(fd);
        }
        await rename(target, place);
      });
  } catch (error) {
    if (!direct) await rm(target, { force: true }).catch(() => undefined);
    throw new CouldNotFinish(`cannot write \`${file}\`: ${reasonOf(error)}`, { cause: error });
  }
}

/** A person's Ctrl-C, a supervisor, a terminal that has gone. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does work on a file that means nothing half-done: a signal takes it away, and ends the process as it would have. */
async function takenAwayBySignals(file: string, work: () => Promise<void>): Promise<void> {
  const release = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  };
  const stop = (signal: NodeJS.Signals): void => {
    rmSync(file, { force: true });
    release();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  // First, since whoever else listens may end the process.
  for (const signal of SIGNALS) process.prependListener(signal, stop);
  try {
    await work();
  } finally {
    release();
  }
}

/** What went wrong with a file, without the path that Node repeats. */
export function reasonOf(error: unknown): string {
  if (isTooLong(error)) return 'it is longer than one JSON text can be';
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
