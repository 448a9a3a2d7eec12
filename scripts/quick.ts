/**
 * Types, lint and the tests of one layer, side by side, for between two edits. Of properties a part of the samples is tried, and tests
 * that say they are slow run only when they are edited; where files of the layer differ from the last commit, the tests run that have
 * to do with those. `npm run check` stays what must be green.
 *
 *   npm run quick -- src/policy
 *   npm run quick -- src/trail/repair
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = (process.argv[2] ?? '').replace(/^test\//, 'src/').replace(/\/+$/, '');
const tests = folder.replace(/^src/, 'test');

if (!/^src\/\w+/.test(folder) || !existsSync(join(root, folder)) || !existsSync(join(root, tests))) {
  const accepted = 'a folder of src whose tests lie under the same name in test, such as `src/policy`';
  const given = folder === '' ? 'the folder is missing: `npm run quick -- FOLDER`' : `the folder is \`${folder}\``;
  console.error(`${given}, accepted is ${accepted}`);
  process.exit(2);
}

const started = performance.now();
const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
const cache = 'node_modules/.cache/quick.tsbuildinfo';
const edited = changed();
const slow = globSync(`${tests}/**/*.test.ts`, { cwd: root }).filter(
  (file) => !edited.includes(file) && readFileSync(join(root, file), 'utf8').includes('// Slow: `npm run quick`'),
);
const codes = await Promise.all([
  step('types', 'tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', cache),
  step('lint', 'biome', 'check', '--error-on-warnings', folder, tests),
  step('tests', 'jest', '--verbose=false', ...selected()),
]);
if (slow.length > 0)
  console.log(`left out, of ${tests}: ${slow.map((file) => file.slice(tests.length + 1)).join(', ')}`);
process.exitCode = Math.max(...codes);

/** What of the layer differs from the last commit. */
function changed(): readonly string[] {
  const git = ['status', '--porcelain', '--no-renames', '--untracked-files=all', '--', folder, tests];
  const lines = execFileSync('git', git, { cwd: root, encoding: 'utf8' }).split('\n');
  return lines.map((line) => line.slice(3)).filter((file) => file.endsWith('.ts') && existsSync(join(root, file)));
}

/** The tests that have to do with what changed; all of the layer where nothing did. Slow ones are left out. */
function selected(): readonly string[] {
  return [
    ...['--testMatch', `**/${tests}/**/*.test.ts`, ...slow.map((file) => `!**/${file}`)],
    ...(edited.length === 0 ? [] : ['--passWithNoTests', '--findRelatedTests', ...edited]),
  ];
}

/** Runs a tool, and shows what it says where it finds something. */
function step(name: string, tool: string, ...args: readonly string[]): Promise<number> {
  const env = { ...process.env, TEST_DEPTH: 'quick', NODE_OPTIONS: '--max-semi-space-size=64' };
  const child = spawn(join(root, 'node_modules/.bin', tool), args, { cwd: root, env });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => said.push(piece));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const text = String(Buffer.concat(said)).trimEnd();
      const found = code === 0 ? (/^(Tests: |No tests found).*/m.exec(text)?.[0] ?? 'nothing found') : text;
      console.log(`${name} (${seconds()}): ${found}`);
      resolve(code ?? 1);
    });
  });
}
