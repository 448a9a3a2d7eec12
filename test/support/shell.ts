import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No word of a command. */
const END = '\u0001end\0';

/** The words that a shell makes of each command line; a line that touches `x` fails the test. */
export function wordsOfEach(shell: string, lines: readonly string[]): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'shell-'));
  const script = lines.map((line) => `printf '%s\\0' ${line}\nprintf '\\001end\\0'\n`).join('');
  const printed = execFileSync(shell, ['-c', script], { cwd: folder, encoding: 'utf8' });
  expect(existsSync(join(folder, 'x'))).toBe(false);
  const parts = printed.split(END).slice(0, -1);
  // One for each line: none swallowed the next.
  expect(parts).toHaveLength(lines.length);
  return parts.map((words) => words.split('\0').slice(0, -1));
}

export const wordsOf = (shell: string, line: string): readonly string[] => wordsOfEach(shell, [line])[0] ?? [];
