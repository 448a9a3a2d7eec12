import { createInterface } from 'node:readline/promises';
import type { Io } from '../io.ts';

/** Asks on standard error; only `yes` is one, and an end of the input is none. */
export async function confirm(question: string, io: Io): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stderr.stream });
  try {
    const ended = new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => resolve(''));
    });
    const answer = await Promise.race([lines.question(`${question} Type yes to go on: `), ended]);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
