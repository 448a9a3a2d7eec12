import { type AsffOrigin, type AsffVerdict, asffFinding, asffReport, trailOfFindingId } from '../../src/report/asff.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { ESTATE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { finding, report, trailReport } from './example.ts';

const ORIGIN: AsffOrigin = { observedAt: new Date('2026-11-20T10:00:00Z'), version: '1.2.3' };

const importOf = async (trails: readonly TrailReport[]) =>
  JSON.parse(await textOf(asffReport(report(...trails)))) as { readonly Findings: readonly Record<string, unknown>[] };

/** What the user guide requires of a finding (Required top-level ASFF attributes). */
const REQUIRED =
  'AwsAccountId CreatedAt Description GeneratorId Id ProductArn Resources SchemaVersion Severity Title Types UpdatedAt';

test('a finding a trail, each with what the API requires', async () => {
  const { Findings } = await importOf(ESTATE.trails);
  expect(Findings).toHaveLength(ESTATE.trails.length);
  for (const one of Findings) {
    for (const member of REQUIRED.split(' ')) expect(one[member]).toBeTruthy();
    expect(one).not.toHaveProperty('Workflow');
  }
});

test('no text is longer than the API takes', () => {
  const { Title, Description, Remediation, ProductFields, Compliance } = asffFinding(TRAILS.hostile, ORIGIN);
  expect(Title.length).toBeLessThanOrEqual(256);
  expect(Description.length).toBeLessThanOrEqual(1024);
  expect(Remediation.Recommendation.Text.length).toBeLessThanOrEqual(512);
  for (const value of Object.values(ProductFields)) expect(value.length).toBeLessThanOrEqual(2048);
  expect(Compliance.RelatedRequirements.length).toBeLessThanOrEqual(32);
  for (const requirement of Compliance.RelatedRequirements) expect(requirement.length).toBeLessThanOrEqual(64);
});

test.each<[string, TrailReport, string, string, string]>([
  ['a failing trail', TRAILS.failing, 'FAILED', 'CRITICAL', 'ACTIVE'],
  ['an undecided trail', TRAILS.undecided, 'WARNING', 'CRITICAL', 'ACTIVE'],
  ['a compliant trail', TRAILS.compliant, 'PASSED', 'INFORMATIONAL', 'ARCHIVED'],
  ['an excepted trail', TRAILS.excepted, 'NOT_AVAILABLE', 'INFORMATIONAL', 'ACTIVE'],
  ['a trail that is gone', TRAILS.gone, 'PASSED', 'INFORMATIONAL', 'ARCHIVED'],
  ['a trail without a key', TRAILS.elsewhere, 'FAILED', 'HIGH', 'ACTIVE'],
])('%s', (_, trail, status, label, state) => {
  expect(asffFinding(trail, ORIGIN)).toMatchObject({
    Compliance: { Status: status },
    Severity: { Label: label },
    FindingProviderFields: { Severity: { Label: label } },
    RecordState: state,
    ProductFields: {
      'cloudtrail-kms-rule/standing': trail.standing,
      'cloudtrail-kms-rule/complianceType': trail.complianceType,
      'cloudtrail-kms-rule/version': '1.2.3',
    },
  });
});

test('its times are those of the facts', async () => {
  const { Findings } = await importOf([TRAILS.failing]);
  const at = '2026-11-20T10:00:00.000Z';
  expect(Findings[0]).toMatchObject({ CreatedAt: at, UpdatedAt: at, LastObservedAt: at });
});

test('an undecided trail shows the first check that decides, not one that is merely unknown', () => {
  const unknown = { status: 'unknown', severity: 'HIGH' } as const;
  const trail = trailReport({
    standing: 'undecided',
    annotation: 'UNDECIDED: key-customer-managed: denied',
    findings: [
      finding({ check: 'key-symmetric', ...unknown, remediation: 'symmetric' }),
      finding({ check: 'named-accounts-trusted', status: 'fail', severity: 'MEDIUM', remediation: 'trust' }),
      finding({ check: 'key-customer-managed', ...unknown, remediation: 'let it describe the key' }),
    ],
  });
  expect(asffFinding(trail, ORIGIN)).toMatchObject({
    Compliance: { Status: 'WARNING' },
    Remediation: { Recommendation: { Text: 'let it describe the key' } },
  });
});

test('resources, partition and product', () => {
  const finding = asffFinding(TRAILS.elsewhere, ORIGIN);
  expect(finding.ProductArn).toBe('arn:aws-cn:securityhub:cn-north-1:444455556666:product/444455556666/default');
  expect(finding.Resources).toEqual([
    {
      Type: 'AwsCloudTrailTrail',
      Id: TRAILS.elsewhere.trailArn,
      Partition: 'aws-cn',
      Region: 'cn-north-1',
      Details: { AwsCloudTrailTrail: { Name: 'main', HomeRegion: 'cn-north-1', TrailArn: TRAILS.elsewhere.trailArn } },
    },
  ]);
  expect(asffFinding(TRAILS.failing, ORIGIN).Resources.map(({ Type }) => Type)).toEqual([
    'AwsCloudTrailTrail',
    'AwsKmsKey',
  ]);
});

test('a central account imports under its own name', () => {
  const importer = { accountId: '999900001111', region: 'eu-west-1' };
  const finding = asffFinding(TRAILS.failing, { ...ORIGIN, importer });
  expect(finding).toMatchObject({ AwsAccountId: '999900001111', Region: 'eu-west-1' });
  expect(finding.ProductArn).toBe('arn:aws:securityhub:eu-west-1:999900001111:product/999900001111/default');
  expect(finding.Resources[0]).toMatchObject({
    Region: 'us-east-1',
    Details: { Other: { AwsAccountId: '111122223333' } },
  });
});

test('the description names every open finding, the id only the trail', () => {
  const finding = asffFinding(TRAILS.failing, ORIGIN);
  for (const check of ['cloudtrail-can-encrypt (fail)', 'readers-bounded (fail)', 'key-usable (unknown)'])
    expect(finding.Description).toContain(check);
  expect(asffFinding(TRAILS.compliant, ORIGIN).Id).toBe(finding.Id);
});

test('a description without room for everything names what it leaves out', () => {
  const [one, ...others] = TRAILS.failing.findings;
  const long = { ...TRAILS.failing, findings: [{ ...one!, message: 'long '.repeat(400) }, ...others] };
  const { Description } = asffFinding(long, ORIGIN);
  expect(Description.length).toBeLessThanOrEqual(1024);
  for (const { check, status } of long.findings.filter((finding) => ['fail', 'unknown'].includes(finding.status)))
    expect(Description).toContain(`${check} (${status})`);
});

test.each<[string, AsffVerdict, string, string, string]>([
  ['what decided gives the severity', { decidedBy: ['readers-bounded'] }, 'FAILED', 'MEDIUM', 'ACTIVE'],
  [
    'the next one does where the gravest is excluded',
    { decidedBy: ['cloudtrail-can-encrypt', 'readers-bounded'], excluded: ['cloudtrail-can-encrypt'] },
    'FAILED',
    'MEDIUM',
    'ACTIVE',
  ],
  ['an unknown check that decided', { decidedBy: ['key-usable'] }, 'WARNING', 'CRITICAL', 'ACTIVE'],
  [
    'all that decided is excluded',
    { decidedBy: ['cloudtrail-can-encrypt'], excluded: ['cloudtrail-can-encrypt'] },
    'NOT_AVAILABLE',
    'INFORMATIONAL',
    'ARCHIVED',
  ],
])('%s', (_, verdict, status, label, state) => {
  const finding = asffFinding(TRAILS.failing, ORIGIN, verdict);
  expect(finding).toMatchObject({
    Compliance: { Status: status },
    FindingProviderFields: { Severity: { Label: label } },
    RecordState: state,
  });
  const { failedChecks = '' } = Object.fromEntries(
    Object.entries(finding.ProductFields).map(([name, value]) => [name.split('/')[1], value]),
  );
  for (const check of verdict.excluded ?? []) expect(failedChecks).not.toContain(check);
});

test('the trail of an id is found again, and of no other', () => {
  const { Id } = asffFinding(TRAILS.failing, ORIGIN);
  expect(trailOfFindingId(Id)).toBe(TRAILS.failing.trailArn);
  expect(trailOfFindingId('arn:aws:securityhub:x')).toBeNull();
});

test('a trail whose account is not known cannot be imported', async () => {
  await expect(importOf([IN_TEMPLATE])).rejects.toThrow(
    '`--format` is `asff`, which needs the account and the Region of every trail, and `Trail` does not tell both: give `--account-id` and `--region`',
  );
});
