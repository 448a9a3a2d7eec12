import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The words that a shell makes of a command line; a line that touches `x` fails the test. */
export function wordsOf(shell: string, line: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'shell-'));
  const printed = execFileSync(shell, ['-c', `printf '%s\\0' ${line}`], { cwd: folder, encoding: 'utf8' });
  expect(existsSync(join(folder, 'x'))).toBe(false);
  return printed.split('\0').slice(0, -1);
}
