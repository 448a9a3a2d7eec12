import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const { inputs, runs } = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const check = runs.steps.find(({ id }) => id === 'check') as Required<Step>;

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
      const options = ['--account-id', '--region', '--parameters', '--exceptions', '--minimum-severity'];
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

test('every input comes as an environment variable, but for those of the upload', () => {
  const named = Object.values(check.env).flatMap((value) => /inputs\.([\w-]+)/.exec(value)?.[1] ?? []);
  expect(named.sort()).toEqual(
    Object.keys(inputs)
      .filter((name) => name !== 'upload-sarif')
      .sort(),
  );
});
