// Slow: `npm run quick` leaves it out.
/** What those who read the formats take from them, and what they refuse. */
import { parse, type TestCase, type TestSuites } from 'junit2json';
import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';

const EVALUATE = ['evaluate', '--snapshot', 'test/cases/report/forty-trails.json'];
const printed = new Map<string, Promise<string>>();

/** The report in a format, printed once. */
function reported(format: string): Promise<string> {
  const report = printed.get(format) ?? cli([...EVALUATE, '--format', format]).then(({ stdout }) => stdout);
  printed.set(format, report);
  return report;
}

let report: Report;

beforeAll(async () => {
  report = JSON.parse(await reported('json'));
});

type Members = Readonly<Record<string, unknown>>;
type Rule = readonly [what: string, keeps: (finding: Members) => boolean, breaks: (finding: Members) => Members];

const textAt = (finding: Members, path: string): string =>
  String(path.split('.').reduce<unknown>((value, name) => (value as Members | undefined)?.[name], finding));
const atMost =
  (path: string, length: number) =>
  (finding: Members): boolean =>
    textAt(finding, path).trim() !== '' && textAt(finding, path).length <= length;
const listed = (finding: Members, name: string): readonly Members[] => finding[name] as readonly Members[];
const fields = (finding: Members): readonly (readonly [string, string])[] =>
  Object.entries(finding.ProductFields as Readonly<Record<string, string>>);

/** AWS Security Hub User Guide, Required and optional top-level ASFF attributes; a change after which each does not hold. */
const IMPORTED: readonly Rule[] = [
  ['schema', ({ SchemaVersion }) => SchemaVersion === '2018-10-08', (f) => ({ ...f, SchemaVersion: '1' })],
  ['Id', atMost('Id', 512), (f) => ({ ...f, Id: 'i'.repeat(513) })],
  ['GeneratorId', atMost('GeneratorId', 512), (f) => ({ ...f, GeneratorId: ' ' })],
  ['Title', atMost('Title', 256), (f) => ({ ...f, Title: 't'.repeat(257) })],
  ['Description', atMost('Description', 1024), (f) => ({ ...f, Description: 'd'.repeat(1025) })],
  [
    'Remediation',
    atMost('Remediation.Recommendation.Text', 512),
    (f) => ({ ...f, Remediation: { Recommendation: { Text: 'r'.repeat(513) } } }),
  ],
  ['account', ({ AwsAccountId }) => /^\d{12}$/.test(String(AwsAccountId)), (f) => ({ ...f, AwsAccountId: '1' })],
  [
    'ProductArn, the default one of account and Region',
    (f) => f.ProductArn === `arn:aws:securityhub:${f.Region}:${f.AwsAccountId}:product/${f.AwsAccountId}/default`,
    (f) => ({ ...f, ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub' }),
  ],
  [
    'times as ISO 8601 with a zone, in order',
    ({ CreatedAt, UpdatedAt }) =>
      [CreatedAt, UpdatedAt].every((at) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(at))) &&
      String(CreatedAt) <= String(UpdatedAt),
    (f) => ({ ...f, CreatedAt: '2026-11-20' }),
  ],
  [
    'types of one namespace that is known, at most 50',
    ({ Types }) =>
      (Types as readonly string[]).length <= 50 &&
      (Types as readonly string[]).every((type) => /^Software and Configuration Checks\/[^/]+$/.test(type)),
    (f) => ({ ...f, Types: ['Mine'] }),
  ],
  [
    'severity',
    (f) => /^(INFORMATIONAL|LOW|MEDIUM|HIGH|CRITICAL)$/.test(textAt(f, 'Severity.Label')),
    (f) => ({ ...f, Severity: { Label: 'GRAVE' } }),
  ],
  [
    'compliance',
    (f) => /^(PASSED|WARNING|FAILED|NOT_AVAILABLE)$/.test(textAt(f, 'Compliance.Status')),
    (f) => ({ ...f, Compliance: { Status: 'UNDECIDED' } }),
  ],
  ['record state', (f) => /^(ACTIVE|ARCHIVED)$/.test(String(f.RecordState)), (f) => ({ ...f, RecordState: 'OLD' })],
  [
    'resources, at most 32, with type and id',
    (f) =>
      listed(f, 'Resources').length <= 32 &&
      listed(f, 'Resources').every((one) => /^Aws\w{1,253}$/.test(String(one.Type)) && atMost('Id', 512)(one)),
    (f) => ({ ...f, Resources: [{ Type: 'Trail', Id: 'x' }] }),
  ],
  [
    'product fields, at most 50, names of 128 and values of 2,048 characters',
    (f) => fields(f).length <= 50 && fields(f).every(([name, value]) => name.length <= 128 && value.length <= 2048),
    (f) => ({ ...f, ProductFields: { x: 'x'.repeat(2049) } }),
  ],
  ['240 KB', (f) => JSON.stringify(f).length <= 240_000, (f) => ({ ...f, UserDefinedFields: 'x'.repeat(240_000) })],
];

test.each(IMPORTED)('BatchImportFindings takes it: %s', async (_, keeps, breaks) => {
  const { Findings } = JSON.parse(await reported('asff')) as { readonly Findings: readonly Members[] };
  expect(Findings).toHaveLength(40);
  expect(Findings.filter((finding) => !keeps(finding))).toEqual([]);
  expect(keeps(breaks(Findings[0]!))).toBe(false);
});

interface Sarif {
  readonly tool: { readonly driver: { readonly rules: readonly SarifRule[] } };
  readonly results: readonly {
    readonly ruleId: string;
    readonly kind?: string;
    readonly message: { readonly text: string };
    readonly locations: readonly [
      { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
    ];
  }[];
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly properties: { readonly 'security-severity': string };
}

/** DefectDojo takes a rule's score for the severity, in the steps of CVSS. */
const severityOf = (score: number): string =>
  score >= 9 ? 'CRITICAL' : score >= 7 ? 'HIGH' : score >= 4 ? 'MEDIUM' : score > 0 ? 'LOW' : 'INFO';

test('DefectDojo: a failed check is a finding with title, place and our severity', async () => {
  const { runs } = JSON.parse(await reported('sarif')) as { readonly runs: readonly Sarif[] };
  const { tool, results } = runs[0]!;
  const rules = new Map(tool.driver.rules.map((rule) => [rule.id, rule]));
  const read = results.map(({ ruleId, kind = 'fail', message, locations }) => {
    const title = message.text.trim();
    expect([kind, title === '', locations[0].physicalLocation.artifactLocation.uri === '']).toEqual([
      'fail',
      false,
      false,
    ]);
    return `${ruleId} ${severityOf(Number(rules.get(ruleId)?.properties['security-severity']))}`;
  });
  const failed = report.trails.flatMap(({ findings }) => findings.filter(({ status }) => status === 'fail'));
  expect(read.sort()).toEqual(failed.map(({ check, severity }) => `${check} ${severity}`).sort());
});

/** Jenkins: `skipped` outranks, an error is a failure; what is wrong is the element's text, in brief its message. */
function resultOf({ skipped, error, failure }: TestCase): string {
  if (skipped) return 'skipped';
  const [wrong] = error ?? failure ?? [];
  if (wrong === undefined) return 'passed';
  expect([wrong.message?.trim() === '', wrong.inner?.trim() === '']).toEqual([false, false]);
  return 'failed';
}

test('Jenkins: every check of every trail is a case, the failed ones with what is wrong', async () => {
  const parsed = (await parse(await reported('junit'))) as TestSuites;
  const cases = (parsed.testsuite ?? []).flatMap(({ testcase }) => testcase ?? []);
  const read = cases.map((one) => `${one.classname} ${one.name} ${resultOf(one)}`);
  expect(new Set(read.map((line) => line.split(' ').slice(0, 2).join(' '))).size).toBe(cases.length);
  const RESULTS = { pass: 'passed', fail: 'failed', 'not-applicable': 'skipped', unknown: 'skipped' } as const;
  const decisive = ['key-exists', 'key-usable', 'key-customer-managed', 'cloudtrail-can-encrypt', 'public-excluded'];
  const expected = report.trails.flatMap(({ trailArn, complianceType, findings }) =>
    findings.map(({ check, status }) => {
      const isError = status === 'unknown' && complianceType === 'NON_COMPLIANT' && decisive.includes(check);
      return `${trailArn} ${check} ${isError ? 'failed' : RESULTS[status]}`;
    }),
  );
  expect(read.sort()).toEqual(expected.sort());
});
