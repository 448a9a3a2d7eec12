import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

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
