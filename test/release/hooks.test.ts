import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'message-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TYPES = 'feat, fix, perf, refactor, style, test, docs, build, ci, chore, revert';
const notConventional = (subject: string) =>
  `the subject is \`${subject}\`, accepted is \`TYPE: what\` or \`TYPE(PART): what\`, TYPE one of ${TYPES}\n`;
const long = `fix: ${'x'.repeat(67)}`;

test.each([
  ['a type', 'fix: a word', ''],
  ['a type and a part', 'feat(cli)!: a word\n\nBecause.', ''],
  ['comments and empty lines before it', '\n# what git says\nfix: a word', ''],
  ['72 characters', long, ''],
  ['what git writes', `Merge branch 'x' of ${'y'.repeat(80)}`, ''],
  ['no type', 'a word', notConventional('a word')],
  ['another type', 'feature: a word', notConventional('feature: a word')],
  ['nothing behind the type', 'fix: ', notConventional('fix: ')],
  ['73 characters', `${long}x`, 'the subject has 73 characters, accepted are 72: say why in the body\n'],
])('the subject of a commit: %s', (_, message, expected) => {
  const file = join(folder, 'COMMIT_EDITMSG');
  writeFileSync(file, message);
  const { status, stderr } = spawnSync('scripts/hooks/commit-msg', [file], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: expected === '' ? 0 : 1, stderr: expected });
});
