import { inNoAccount, unreadKey } from '../../src/facts/keyNamed.ts';
import { collectReport } from '../../src/report/build.ts';
import { trailReport } from '../../src/report/trailReport.ts';
import type { TrailVerdict, UnexaminedResource } from '../../src/rule/evaluate/evaluation.ts';
import { type TrailFacts, unread } from '../../src/trail/facts.ts';
import { finding } from '../rule/facts.ts';
import { ABOUT } from './example.ts';

const failing = finding({ check: 'key-usable', status: 'fail', severity: 'CRITICAL' });

const none = unread('not-asked', 'not read');

const trail: TrailFacts = {
  arn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
  name: 'main',
  partition: 'aws',
  accountId: '111122223333',
  homeRegion: 'us-east-1',
  kmsKeyId: 'alias/logs',
  bucketName: null,
  keyPrefix: null,
  isMultiRegion: null,
  isOrganization: null,
  logFileValidation: null,
  hasInsightSelectors: null,
  status: none,
  bucket: none,
  organizationId: none,
  asOf: new Date('2026-11-20T10:00:00Z'),
};

const key = inNoAccount(unreadKey('alias/logs', 'arn:aws:kms:us-east-1:111122223333:key/k', none));

const verdict = (over: Partial<TrailVerdict>): TrailVerdict => ({
  trail,
  key,
  findings: [failing],
  standing: 'non-compliant',
  complianceType: 'NON_COMPLIANT',
  annotation: '',
  ...over,
});

const gone: UnexaminedResource = {
  trail: null,
  key: null,
  resourceId: 'old',
  trailArn: null,
  accountId: '444455556666',
  region: 'eu-west-1',
  isGone: true,
  findings: [{ ...failing, status: 'not-applicable', remedy: [] }],
  standing: 'not-applicable',
  complianceType: 'NOT_APPLICABLE',
  annotation: 'the trail was deleted',
};

test.each([
  ['a trail with a key', verdict({}), { kmsKeyArn: key.arn, region: 'us-east-1', annotation: '' }],
  ['a trail without a key', verdict({ key: null }), { kmsKeyArn: null }],
  ['a key whose ARN is not known', verdict({ key: { ...key, arn: null } }), { kmsKeyArn: null }],
  [
    'a resource that was not examined',
    gone,
    { trailArn: null, accountId: '444455556666', region: 'eu-west-1', kmsKeyArn: null },
  ],
])('%s', (_, given, expected) => {
  expect(trailReport(given)).toMatchObject(expected);
});

test('the members of the contract, in every entry, and no others', () => {
  const members = [
    'trailArn',
    'accountId',
    'accountName',
    'region',
    'kmsKeyArn',
    'policySha256',
    'owner',
    'complianceType',
    'standing',
    'annotation',
    'findings',
    'controls',
  ];
  for (const entry of [verdict({}), gone]) expect(Object.keys(trailReport(entry))).toEqual(members);
});

test('a finding is told with its remedy in words', () => {
  const [{ remediation, remedyWords } = {}] = trailReport(verdict({})).findings;
  expect(remediation).toBe('Wait until the key is created.');
  expect(remedyWords?.()).toEqual(['Wait until the key is created']);
  expect(trailReport(gone).findings).toEqual([expect.objectContaining({ remediation: '' })]);
});

test('the summary counts every verdict; evaluations are there only with an event', async () => {
  const trails = [verdict({}), verdict({}), verdict({ complianceType: 'COMPLIANT' }), gone].map((one) =>
    trailReport(one),
  );
  const built = await collectReport({ ...ABOUT, trails });
  expect(built.summary).toEqual({ COMPLIANT: 1, NON_COMPLIANT: 2, NOT_APPLICABLE: 1 });
  expect(Object.values(built.standings).reduce((sum, number) => sum + number)).toBe(4);
  expect(built.trails).toEqual(trails);
  expect(built).not.toHaveProperty('evaluations');
  expect((await collectReport({ ...ABOUT, trails: [], evaluations: [] })).evaluations).toEqual([]);
});
