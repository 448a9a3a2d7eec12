import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
/** What the copy needs; its modules are the repository's. */
const COPIED = [
  ...['src', 'scripts', 'test', 'docs', 'deploy', 'events', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE'],
  ...[
    'package.json',
    'biome.json',
    'tsconfig.json',
    'template.yaml',
    'action.yml',
    '.github',
    '.gitignore',
    '.pre-commit-hooks.yaml',
  ],
];

let copy: string;
/** A program of the repository's own. */
const run = (command: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: copy,
    encoding: 'utf8',
    // The rows of a new check are of interest, and not how often properties are tried.
    env: { ...process.env, TEST_DEPTH: 'mutants' },
  });
  return { status, stdout, stderr };
};
const newCheck = (id: string) => run('node', 'scripts/newCheck.ts', id);

before(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-check-'));
  for (const path of COPIED)
    cpSync(join(root, path), join(copy, path), { recursive: true, filter: (from) => !from.endsWith('/node_modules') });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
after(() => rmSync(copy, { recursive: true, force: true }));

for (const [id, sentence] of [
  ['', 'the id is missing: `npm run new:check ID`, such as `key-rotates`'],
  ['Key', 'the id is `Key`, accepted is a sentence part in lower case with hyphens, such as `key-rotates`'],
  ['../x-y', 'the id is `../x-y`, accepted is a sentence part in lower case with hyphens, such as `key-rotates`'],
  ['key-rotates', 'there is a check `key-rotates` already, and ids are permanent'],
] as const)
  test(`refuses \`${id}\` in one sentence`, () => {
    assert.deepEqual(newCheck(id), { status: 2, stdout: '', stderr: `${sentence}\n` });
  });

test('what it makes is accepted by the types, the linter, the tests of the pages and the cases', () => {
  const { status, stderr: complaint } = newCheck('example-holds');
  assert.deepEqual({ status, complaint }, { status: 0, complaint: '' });
  assert.match(readFileSync(join(copy, 'docs/checks/example-holds.md'), 'utf8'), /# example-holds/);
  const made = ['src/trail/checks', 'test/cases/trail/checks/example-holds.json'];
  // Tests take checks as they come: the sources are all that a new one changes the types of.
  writeFileSync(join(copy, 'tsconfig.src.json'), '{"extends":"./tsconfig.json","include":["src"]}');
  assert.deepEqual(run('tsc', '--noEmit', '-p', 'tsconfig.src.json'), { status: 0, stdout: '', stderr: '' });
  assert.equal(run('biome', 'check', '--error-on-warnings', ...made).status, 0);
  const { stderr } = run('jest', '--maxWorkers=1', 'test/docs/(pages|generated|checkPages)', 'test/trail/checks');
  const cases = run('jest', '--maxWorkers=1', 'test/trail/evaluate', '-t', 'example-holds');
  assert.match(cases.stderr, /^Tests:.* [1-9]\d* passed/m);
  assert.equal(cases.status, 0);
  // All that is wanting is what the template leaves to say. Jest takes the files in an order of its own.
  const failed = [...stderr.matchAll(/^ {2}● (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(failed.toSorted(), [
    'example-holds is a complete document',
    'the page and the cases of example-holds are finished',
  ]);
});
