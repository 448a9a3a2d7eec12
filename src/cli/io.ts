import type { Readable } from 'node:stream';
import { printable } from '../report/printable.ts';
import { CouldNotFinish } from './errors.ts';
import { Output } from './output.ts';

/** Everything that a command reads and writes outside itself, but for files. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Waits, or ends early when the signal aborts; left out, real time passes. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** The process's own streams. A reader that has gone away (`| head`) ends the output, and is no error. */
export function processIo(): Io {
  // Without a listener a late EPIPE would end the process with a stack trace.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    stdin: process.stdin,
    stdout: new Output(process.stdout),
    stderr: new Output(process.stderr),
    env: process.env,
    now: () => new Date(),
  };
}

/** Prints pieces of text to standard output, no faster than they are read. Rejects with what the pieces throw. */
export async function print(io: Io, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  let cause: { readonly error: unknown } | null = null;
  async function* guarded() {
    try {
      yield* pieces;
    } catch (error) {
      cause = { error };
      throw error;
    }
  }
  try {
    await io.stdout.print(guarded());
  } catch (error) {
    // Node 20 throws a closed pipe into what is being written as well.
    if (!isClosedPipe(error)) throw failureOf(error, cause);
  }
}

function failureOf(error: unknown, cause: { readonly error: unknown } | null): unknown {
  if (cause !== null) return cause.error;
  return new CouldNotFinish(`cannot write to standard output: ${messageOf(error)}`, { cause: error });
}

/** One line for the person at the terminal, whatever the message holds; standard output stays for the result. */
export function warn(io: Pick<Io, 'stderr'>, message: string): void {
  const lines = message.trim().split('\n');
  io.stderr.write(`cloudtrail-kms: ${printable(lines.map((line) => line.trim()).join(' '))}\n`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isClosedPipe(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
