import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { assembleTwice } from './released.ts';

const folder = mkdtempSync(join(tmpdir(), 'released-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
await assembleTwice(folder);
process.env.RELEASED = folder;

// Node's own runner, as for the end-to-end tests; the last line is what .ci/run counts.
const files = globSync('*.test.ts', { cwd: import.meta.dirname }).map((file) => join(import.meta.dirname, file));
const tests = run({ files, concurrency: 2, timeout: 300_000 });
tests.on('test:summary', (summary) => {
  if (summary.file !== undefined) return;
  const { passed, tests: all } = summary.counts;
  process.exitCode = summary.success && all > 0 ? 0 : 1;
  process.once('exit', () => console.log(`${passed} passed, ${all - passed} failed`));
});
tests.compose(spec).pipe(process.stdout);
