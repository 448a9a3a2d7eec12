// Slow: `npm run quick` leaves it out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutDefaults } from '../../src/iac/cloudformation/withoutDefaults.ts';
import { evaluateDeployment } from '../../src/iac/deploymentVerdict.ts';
import { InvalidSourceError } from '../../src/iac/errors.ts';
import { readSource } from '../../src/iac/source/readSource.ts';
import type { ReportFinding, TrailReport } from '../../src/report/report.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { rank } from '../../src/trail/severity.ts';
import hookCases from '../cases/hook/templates.json';
import projects from '../cases/iac/projects/projects.json';
import cases from '../cases/iac/templates.json';
import { cli } from '../cli/support.ts';
import { spread } from '../runs.ts';
import { scratchFolder } from './support.ts';

const write = scratchFolder();
const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const parameters = parseParameters({ whenUndecided: 'COMPLIANT' });

const inFolder = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder)
    .filter((name) => /\.(yaml|json)$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

const ofHook = (hookCases as readonly { readonly name: string; readonly payload?: unknown }[]).flatMap(
  ({ name, payload }): readonly (readonly [string, string])[] => {
    const { template = null } = (payload ?? {}) as { readonly template?: unknown };
    if (template === null || (typeof template === 'string' && template.startsWith('@'))) return [];
    return [[`hook: ${name}`, typeof template === 'string' ? template : JSON.stringify(template)]];
  },
);

/** Every template at hand, as the hook sees it: no parameter has a value. */
const TEMPLATES = [
  ...ofHook,
  ...inFolder('events/templates'),
  ...['', '/assembly-Test', '/assembly-Prod'].flatMap((stage) => inFolder(`test/cases/iac/cdk${stage}`)),
  ['key-alone.yaml', readFileSync('test/cases/iac/key-alone.yaml', 'utf8')] as const,
  ...cases.map(({ name, template }) => [name, JSON.stringify(template)] as const),
  // Of a template that cannot be evaluated the hook is told nothing else.
  ...projects
    .filter(({ exitCode }) => exitCode < 2)
    .flatMap(({ name, files }) =>
      Object.entries(files).map(([file, content]) => [`${name}: ${file}`, JSON.stringify(content)] as const),
    ),
].flatMap(([name, text]) => {
  try {
    const source = readSource(text, 'template.json');
    return source.is === 'template' ? [[name, { ...source, document: withoutDefaults(source.document) }] as const] : [];
  } catch (error) {
    if (error instanceof InvalidSourceError) return [];
    throw error;
  }
});

type Line = readonly [resource: string, check: string, status: string, message: string];
const lines = (findings: readonly ReportFinding[], resource: string): readonly Line[] =>
  findings
    .filter(({ status }) => status === 'fail' || status === 'unknown')
    .map(({ check, status, message }): Line => [resource, check, status, message]);

const resourceOf = (document: unknown, address: string): object =>
  (document as { readonly Resources?: Readonly<Record<string, object>> }).Resources?.[address] ?? {};

type Source = (typeof TEMPLATES)[number][1];

function verdicts(of: typeof parameters): (source: Source) => ReturnType<typeof evaluateDeployment> {
  const known = new Map<Source, ReturnType<typeof evaluateDeployment>>();
  return (source) => {
    const deployment = { parameters: of, accountId: ACCOUNT, region: REGION, asOf: new Date() };
    const verdict = known.get(source) ?? evaluateDeployment(source, deployment);
    known.set(source, verdict);
    return verdict;
  };
}

const verdictOn = verdicts(parameters);
const strictVerdictOn = verdicts(parseParameters({ whenUndecided: 'NON_COMPLIANT' }));

test.each(spread(TEMPLATES, 12))('the hook and `check` agree: %s', async (_, source) => {
  const verdict = verdictOn(source);
  const file = await write('template.json', JSON.stringify(source.document));
  const args = ['check', file, '--format', 'json', '--account-id', ACCOUNT, '--region', REGION];
  const { code, stdout, stderr } = await cli(args);
  if (code > 1) throw new Error(stderr);
  const { trails, keys = [] }: { trails: readonly TrailReport[]; keys?: readonly TrailReport[] } = JSON.parse(stdout);

  const isGrave = ({ severity }: ReportFinding): boolean => rank(severity) <= rank(parameters.minimumSeverity);
  // What only an open condition keeps from failing does not block, and the hook says so.
  const doesFail = verdict.blocking.length > 0 || verdict.conditional.some(isGrave);
  expect(code).toBe(doesFail ? 1 : 0);
  const said = [verdict.blocking, verdict.conditional, verdict.advisory, verdict.lesser, verdict.unknown].flat();
  const ofHookBy = (resource: string) =>
    new Set(
      lines(
        said.filter(({ resources }) => resources.includes(resource)),
        resource,
      ).map(String),
    );
  for (const { address = '', findings } of [...trails, ...keys])
    expect(ofHookBy(address)).toEqual(new Set(lines(findings, address).map(String)));
  expect(verdict.trails).toEqual(trails.map(({ address }) => address));
  expect(verdict.keys).toEqual(expect.arrayContaining(keys.map(({ address }) => address)));

  const undecided = strictVerdictOn(source).undecided.join('\n');
  // A trail or key that an open condition may leave out blocks nothing.
  const isSure = ({ address = '' }: TrailReport) => !('Condition' in resourceOf(source.document, address));
  for (const one of [...trails, ...keys].filter(isSure))
    expect([one.address, undecided.includes(`\`${one.address}\`: `)]).toEqual([
      one.address,
      one.standing === 'undecided',
    ]);
});

test('and there are templates of every kind', () => {
  const kinds = ['blocking', 'conditional', 'lesser', 'unknown', 'undecided', 'trails', 'keys', 'otherKeys'] as const;
  const missing = kinds.filter((kind) => !TEMPLATES.some(([, source]) => strictVerdictOn(source)[kind].length > 0));
  expect(missing).toEqual([]);
});
