import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

// Node's own runner: each file is a process with a stage of its own. Arguments narrow down which files run.
const wanted = process.argv.slice(2);
const files = globSync('*.test.ts', { cwd: import.meta.dirname })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .map((file) => join(import.meta.dirname, file));

const tests = run({ files, concurrency: 2, timeout: 900_000 });
tests.on('test:summary', (summary) => {
  if (summary.file !== undefined) return;
  const { passed, tests: all } = summary.counts;
  process.exitCode = summary.success && all > 0 ? 0 : 1;
  process.once('exit', () => console.log(`${passed} passed, ${all - passed} failed`));
});
tests.compose(spec).pipe(process.stdout);
