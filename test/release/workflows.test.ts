import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

const workflows = globSync('.github/workflows/*.yml').sort();
const read = (file: string) => readFileSync(file, 'utf8');
const workflow = (file: string) => parse(read(file)) as Workflow;
const RELEASING = read('docs/releasing.md');

/** Each action, with the comment that names its version. */
const actionsOf = (file: string) =>
  [...read(file).matchAll(/^ *(?:- )?uses: (\S+)(?: # (\S+))?$/gm)].map(([, action = '', version = '']) => ({
    action,
    version,
  }));
const LOCAL = /^(?:\.\/|OWNER\/cloudtrail-kms-rule@)/;
const pinned = [...workflows, 'action.yml', ...globSync('docs/examples/*-workflow.yml')].flatMap((file) =>
  actionsOf(file)
    .filter(({ action }) => !LOCAL.test(action))
    .map(({ action, version }) => [file, action, version] as const),
);

test('there are workflows, and actions in them', () => {
  expect(workflows.map((file) => file.replace('.github/workflows/', ''))).toEqual([
    ...['aws-models.yml', 'ci.yml', 'release.yml'],
  ]);
  expect(pinned.length).toBeGreaterThan(10);
});

test.each(pinned)('%s takes %s as it was when it was looked at', (_, action, version) => {
  const [name = '', commit = ''] = action.split('@');
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  expect(RELEASING).toContain(`| \`${name}\` | ${version} | \`${commit}\` |`);
});

test.each(workflows)('%s may read the sources, and a job asks for what it needs beside that', (file) => {
  const { permissions, jobs } = workflow(file);
  expect(permissions).toEqual({ contents: 'read' });
  const asked = Object.entries(jobs).flatMap(([job, { permissions: more = {} }]) =>
    Object.entries(more).map(([scope, access]) => `${job} ${scope}: ${access}`),
  );
  const writes = asked.filter((line) => line.endsWith('write'));
  expect(writes).toEqual(
    file.endsWith('release.yml')
      ? [
          ...[
            'assemble id-token: write',
            'assemble attestations: write',
            'npm id-token: write',
            'github contents: write',
          ],
          'serverless-application-repository id-token: write',
        ]
      : [],
  );
});

test.each(workflows)('%s ends, and leaves no credentials in a checkout', (file) => {
  for (const { uses, steps = [], 'timeout-minutes': minutes } of Object.values(workflow(file).jobs)) {
    if (uses === undefined) expect(minutes).toBeGreaterThan(0);
    for (const step of steps.filter((one) => one.uses?.startsWith('actions/checkout@')))
      expect(step.with?.['persist-credentials']).toBe(false);
  }
});

test('no script of a workflow holds an expression', () => {
  for (const file of workflows)
    for (const { steps = [] } of Object.values(workflow(file).jobs))
      for (const { run = '' } of steps as readonly { readonly run?: string }[]) expect(run).not.toContain('${{');
});

test('CI runs what a person runs, on each Node that the command line supports', () => {
  const { test: job } = workflow('.github/workflows/ci.yml').jobs;
  expect(job).toMatchObject({ strategy: { matrix: { node: [20, 22, 24] } } });
  expect(job?.steps?.at(-1)).toEqual({ run: 'bash .ci/run' });
});

test('every lockfile and list of requirements is kept up to date', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    readonly updates: readonly {
      readonly 'package-ecosystem': string;
      readonly directory?: string;
      readonly directories?: readonly string[];
    }[];
  };
  const foldersOf = (ecosystem: string) =>
    updates
      .filter((one) => one['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [...directories, ...(directory ? [directory] : [])])
      .sort();
  const folders = (pattern: string) => {
    const files = globSync(pattern, { exclude: ['**/node_modules/**'] });
    return files.map((file) => `/${file.slice(0, Math.max(0, file.lastIndexOf('/')))}`).sort();
  };
  expect(foldersOf('npm')).toEqual(folders('{,test/*/,docs/*/}package-lock.json'));
  expect(foldersOf('pip')).toEqual(folders('{test,docs}/*/requirements.txt'));
  expect(foldersOf('github-actions')).toEqual(['/']);
});
