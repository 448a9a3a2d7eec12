import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { WATCHED } from '../../scripts/awsModels/watched.ts';

const FINGERPRINT = readFileSync('scripts/awsModels/fingerprint.txt', 'utf8').trimEnd().split('\n');
const KNOWN = new Set(FINGERPRINT);

/** A service's name in the SDK's package, where it is not botocore's. */
const NAMES: Readonly<Record<string, string>> = { 'config-service': 'config' };

/** `kms PutKeyPolicy`, for each command of the SDK that the product imports. */
const sent = new Set(
  globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)].flatMap(
      ([, names = '', client = '']) =>
        [...names.matchAll(/\b(\w+)Command\b/g)].map(([, name]) => `${NAMES[client] ?? client} ${name}`),
    ),
  ),
);
const ofWatched = [...sent].map((line) => line.split(' ')).filter(([service = '']) => service in WATCHED);

test.each(ofWatched)('%s %s, which is sent, is watched', (service = '', operation = '') => {
  expect(WATCHED[service]?.operations).toContain(operation);
});

test.each(Object.entries(WATCHED))(
  '%s: what is watched is there',
  (service, { operations, values = {}, without = [] }) => {
    expect(operations.filter((name) => !KNOWN.has(`${service} operation ${name}`))).toEqual([]);
    expect(operations).toEqual([...operations].sort());
    const found = (prefix: string) => FINGERPRINT.some((line) => line.startsWith(`${service} ${prefix}.`));
    expect(Object.keys(values).filter((shape) => !found(`enum ${shape}`))).toEqual([]);
    expect(without.filter((shape) => found(`member ${shape}`))).toEqual([]);
  },
);

test('the fingerprint is of one version, sorted, without doubles', () => {
  const [title, ...facts] = FINGERPRINT;
  expect(title).toMatch(/^botocore \d+\.\d+\.\d+$/);
  expect(facts).toEqual([...new Set(facts)].sort());
});

test('the workflow runs the command every week, with actions that nobody can move', () => {
  const { on, jobs } = parse(readFileSync('.github/workflows/aws-models.yml', 'utf8'));
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const steps: readonly { readonly uses?: string; readonly run?: string }[] = jobs.watch.steps;
  expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) }]);
  expect(steps.flatMap(({ uses = [] }) => uses).filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  expect(steps.at(-1)?.run).toBe('npm run watch:aws');
  expect(scripts['watch:aws']).toBe('node scripts/watchAws.ts');
});

test('every page and file that the table of facts names is there', () => {
  const page = readFileSync('docs/aws-facts.md', 'utf8');
  const named = [...page.matchAll(/`((?:src|deploy|scripts)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => globSync(path).length === 0)).toEqual([]);
});
