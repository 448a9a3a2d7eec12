import type { TrailReport } from '../../src/report/report.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { ESTATE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { finding, report, trailReport } from './example.ts';
import { complaints, sarifValidator } from './schemas.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation?: unknown; readonly logicalLocations: readonly unknown[] }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: { readonly standing: string };
}

const logOf = async (...trails: readonly TrailReport[]) =>
  JSON.parse(await textOf(sarifReport(report(...trails)))) as {
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly Result[];
      readonly properties: unknown;
    }[];
  };
const resultsOf = async (...trails: readonly TrailReport[]) => (await logOf(...trails)).runs[0]?.results ?? [];
const validate = sarifValidator();

test.each<[string, readonly TrailReport[]]>([
  ['no trails', []],
  ['trails of every kind', ESTATE.trails],
  ['a trail in a template', [IN_TEMPLATE]],
  ['a trail in a file without line and column', [{ ...IN_TEMPLATE, location: { file: 'a.json', line: 0, column: 0 } }]],
])('%s: valid by the published schema', async (_, trails) => {
  expect(complaints(validate, await logOf(...trails))).toEqual([]);
});

test('the schema is in force', () => {
  expect(complaints(validate, { version: '2.1.0', runs: [{}] })).not.toEqual([]);
});

test('every check is a rule with help, a level and a score', async () => {
  const [run] = (await logOf()).runs;
  expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
  for (const rule of run?.tool.driver.rules ?? []) {
    expect(rule).toMatchObject({
      help: { text: expect.stringContaining('What to do'), markdown: expect.stringContaining('**What to do.**') },
      defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
      properties: { 'security-severity': expect.stringMatching(/^\d\.\d$/) },
    });
  }
});

test('failures are results, and nothing else', async () => {
  const results = await resultsOf(TRAILS.failing, TRAILS.compliant);
  expect(results.map(({ ruleId, kind, level }) => [ruleId, kind, level])).toEqual([
    ['cloudtrail-can-encrypt', 'fail', 'error'],
    ['readers-bounded', 'fail', 'warning'],
    ['cloudtrail-can-describe', 'fail', 'note'],
  ]);
  for (const { ruleId, ruleIndex } of results) expect(CHECKS[ruleIndex]?.id).toBe(ruleId);
});

test.each([
  ['relative', 'infra/my template.yaml', 'infra/my%20template.yaml'],
  ['relative with a dot', './a.yaml', 'a.yaml'],
  ['upwards', '../a.yaml', '../a.yaml'],
  ['absolute', '/tmp/a#1.yaml', 'file:///tmp/a%231.yaml'],
  ['of Windows', 'infra\\a.yaml', 'infra/a.yaml'],
  ['absolute of Windows', 'C:\\a b.yaml', 'file:///C:/a%20b.yaml'],
])('a path, %s', async (_, file, uri) => {
  const [one] = await resultsOf({ ...IN_TEMPLATE, location: { file, line: 12, column: 5 } });
  expect(one?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri },
    region: { startLine: 12, startColumn: 5, endLine: 12, endColumn: 6 },
  });
});

test('a trail that no file declares has a place all the same, which code scanning needs', async () => {
  const [one] = await resultsOf(TRAILS.failing);
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
  const uri = 'aws/111122223333/us-east-1/cloudtrail/main';
  expect(one?.locations).toEqual([
    {
      physicalLocation: { artifactLocation: { uri }, region },
      logicalLocations: [{ name: 'main', fullyQualifiedName: TRAILS.failing.trailArn, kind: 'resource' }],
    },
  ]);
  const ofSnapshot = JSON.parse(await textOf(sarifReport({ ...report(TRAILS.failing), file: 'snapshots/a.json' })));
  expect(ofSnapshot.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('snapshots/a.json');
});

test('what is excepted is no result; the standings are told', async () => {
  const { runs } = await logOf(TRAILS.excepted, TRAILS.undecided, TRAILS.failing);
  expect(new Set(runs[0]?.results.map(({ properties }) => properties.standing))).toEqual(new Set(['non-compliant']));
  expect(runs[0]?.properties).toEqual({
    factsAt: '2026-11-20T10:00:00.000Z',
    standings: { compliant: 0, 'non-compliant': 1, undecided: 1, excepted: 1, 'not-applicable': 0 },
  });
});

test('a fingerprint survives new words, other lines and another order; two trails never share one', async () => {
  const before = await resultsOf(IN_TEMPLATE, TRAILS.failing);
  const moved = { ...IN_TEMPLATE, location: { file: 'infra/my template.yaml', line: 40, column: 1 } };
  const after = await resultsOf(trailReport({ findings: [finding({ message: 'in other words' })] }), moved);
  const [template, live] = before.map(({ partialFingerprints }) => partialFingerprints);
  expect(after.map(({ partialFingerprints }) => partialFingerprints)).toEqual([live, template]);
  expect(new Set(before.map((one) => one.partialFingerprints['trailCheck/v1'])).size).toBe(before.length);
});

test('text in brackets is no link', async () => {
  const [one] = await resultsOf(trailReport({ findings: [finding({ message: 'see [this](https://x)' })] }));
  expect(one?.message.text).toContain('\\[this](https://x)');
});
