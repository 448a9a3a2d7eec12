import { type AsffOrigin, asffFinding, asffReport } from '../../src/report/asff.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { ESTATE, IN_TEMPLATE, ORIGIN, TRAILS, textOf } from './estate.ts';

const importOf = async (trails: readonly TrailReport[], origin: AsffOrigin = ORIGIN) =>
  JSON.parse(await textOf(asffReport({ trails }, origin))) as { readonly Findings: readonly Record<string, unknown>[] };

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
  ['a compliant trail', TRAILS.compliant, 'PASSED', 'INFORMATIONAL', 'ACTIVE'],
  ['an excepted trail', TRAILS.excepted, 'NOT_AVAILABLE', 'INFORMATIONAL', 'ACTIVE'],
  ['a trail that is gone', TRAILS.gone, 'NOT_AVAILABLE', 'INFORMATIONAL', 'ARCHIVED'],
  ['a trail without a key', TRAILS.elsewhere, 'FAILED', 'HIGH', 'ACTIVE'],
])('%s', (_, trail, status, label, state) => {
  expect(asffFinding(trail, ORIGIN)).toMatchObject({
    Compliance: { Status: status },
    Severity: { Label: label },
    FindingProviderFields: { Severity: { Label: label } },
    RecordState: state,
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
  expect(finding.Resources[0]).toMatchObject({ Region: 'us-east-1' });
});

test('the description names every open finding, the id only the trail', () => {
  const finding = asffFinding(TRAILS.failing, ORIGIN);
  for (const check of ['cloudtrail-can-encrypt (fail)', 'readers-bounded (fail)', 'key-usable (unknown)'])
    expect(finding.Description).toContain(check);
  expect(asffFinding(TRAILS.compliant, ORIGIN).Id).toBe(finding.Id);
});

test('a trail whose account is not known cannot be imported', async () => {
  await expect(importOf([IN_TEMPLATE])).rejects.toThrow(
    '`--format` is `asff`, which needs the account and the Region of every trail, and `Trail` does not tell both: give `--account-id` and `--region`',
  );
});
