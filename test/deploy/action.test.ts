import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const { inputs, runs } = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const step = (wanted: string) => runs.steps.find(({ id }) => id === wanted) as Required<Step>;
const check = step('check');
const install = step('install');

test('no expression is part of a script', () => {
  for (const { run = '' } of runs.steps) expect(run).not.toContain('${{');
});

test.each(['$(touch made)', '`touch made`', '"; touch made; "', "'; touch made; '", '--version', '*', '\\$x'])(
  '%s in every input is an argument',
  (hostile) => {
    const folder = mkdtempSync(join(tmpdir(), 'action-'));
    try {
      writeFileSync(join(folder, 'cli.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)));');
      const given = Object.keys(check.env).map((name) => [name, name === 'CLI' ? 'cli.mjs' : hostile]);
      const GITHUB_OUTPUT = join(folder, 'output');
      const env = { ...Object.fromEntries(given), GITHUB_OUTPUT, PATH: process.env.PATH };
      const printed = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', check.run], {
        cwd: folder,
        env,
      });
      const [sarif, text] = String(printed)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)) as string[][];
      const options = ['--account-id', '--region', '--source', '--parameters', '--exceptions', '--minimum-severity'];
      const shared = [...options, '--template-parameters'].flatMap((option) => [option, hostile]);
      const files = hostile === '*' ? ['cli.mjs'] : [hostile];
      expect(sarif).toEqual(['check', ...shared, '--format', 'sarif', '--output', hostile, '--', ...files]);
      expect(text).toEqual(['check', ...shared, '--', ...files]);
      expect(readdirSync(folder).sort()).toEqual(['cli.mjs', 'output']);
      expect(readFileSync(GITHUB_OUTPUT, 'utf8')).toBe('written=false\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test.each(['$(touch made)', '`touch made`', '"; touch made; "', '--global', 'a b'])(
  '%s as the package is an argument',
  (PACKAGE) => {
    const folder = mkdtempSync(join(tmpdir(), 'action-'));
    try {
      const npm = join(folder, 'npm');
      writeFileSync(npm, `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));`);
      chmodSync(npm, 0o755);
      const env = { PACKAGE, FOLDER: 'the folder', PATH: `${folder}:${process.env.PATH}` };
      const printed = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', install.run], {
        cwd: folder,
        env,
      });
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
      expect(JSON.parse(String(printed))).toEqual(['install', '--prefix', 'the folder', ...options, '--', PACKAGE]);
      expect(readdirSync(folder)).toEqual(['npm']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('what is installed is the release of this version', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
  expect(inputs.package?.default).toBe(`${name}@${version}`);
});

test('every input comes as an environment variable, but for those of the upload', () => {
  const named = [install, check]
    .flatMap(({ env }) => Object.values(env))
    .flatMap((value) => /inputs\.([\w-]+)/.exec(value)?.[1] ?? []);
  expect(named.sort()).toEqual(
    Object.keys(inputs)
      .filter((name) => !['upload-sarif', 'category'].includes(name))
      .sort(),
  );
});

test('no two uses of the example share a category, which code scanning refuses', () => {
  const { jobs } = parse(readFileSync('docs/examples/check-workflow.yml', 'utf8')) as {
    readonly jobs: Readonly<
      Record<string, { readonly steps: readonly { uses?: string; with?: Record<string, string> }[] }>
    >;
  };
  const uses = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses: action = '' }) => action.includes('cloudtrail-kms-rule'));
  expect(uses.length).toBeGreaterThan(1);
  const categories = uses.map(({ with: given = {} }) => given.category ?? inputs.category?.default);
  expect(new Set(categories).size).toBe(uses.length);
  for (const { with: given = {} } of uses)
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
});
