import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { appliesToEventDataStores } from '../../src/trail/eventDataStore.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const ACCOUNT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:root' },
  Action: 'kms:*',
  Resource: '*',
};
const forCloudTrail = (Action: unknown, Condition?: object) => ({
  Sid: 'Store',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action,
  Resource: '*',
  ...(Condition && { Condition }),
});
const ALL = ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'];

const store = (given: Partial<TrailCase>, unread: string | null = null) => {
  const one = { name: '', expect: {}, ...given } as TrailCase;
  const trail = { ...trailFacts(one), eventDataStore: { unread } };
  return evaluateTrail(trail, keyFacts(one), checkOptions(one));
};
const OWN = ['trail-encrypted', 'cloudtrail-can-encrypt', 'cloudtrail-can-decrypt', 'cloudtrail-can-describe'] as const;
const statuses = (...given: Parameters<typeof store>): string =>
  OWN.map((id) => store(...given).find(({ check }) => check === id)?.status).join(' ');

test.each<[string, Partial<TrailCase>, string]>([
  ["AWS's statements", { statements: [ACCOUNT, forCloudTrail(ALL)] }, 'pass pass pass pass'],
  ['no key', { key: null }, 'fail not-applicable not-applicable not-applicable'],
  ['IAM alone, which covers no service', { statements: [ACCOUNT] }, 'pass fail fail fail'],
  [
    'no Decrypt',
    { statements: [ACCOUNT, forCloudTrail(['kms:GenerateDataKey*', 'kms:DescribeKey'])] },
    'pass pass fail pass',
  ],
  [
    'a source that is not supported',
    { statements: [ACCOUNT, forCloudTrail(ALL, { StringEquals: { 'aws:SourceAccount': '111111111111' } })] },
    'pass fail fail fail',
  ],
  [
    'the ARN of a source',
    {
      statements: [
        ACCOUNT,
        forCloudTrail(ALL, { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:111111111111:*' } }),
      ],
    },
    'pass fail fail fail',
  ],
  [
    'a source if there is one',
    { statements: [ACCOUNT, forCloudTrail(ALL, { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } })] },
    'pass pass pass pass',
  ],
  [
    'an encryption context, which nobody documents',
    {
      statements: [
        ACCOUNT,
        forCloudTrail(ALL.slice(0, 2), {
          StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:111111111111:*' },
        }),
      ],
    },
    'pass unknown unknown fail',
  ],
  [
    'a Deny of all but one organization',
    {
      statements: [
        ACCOUNT,
        forCloudTrail(ALL),
        {
          ...forCloudTrail('kms:*', { StringNotEquals: { 'aws:SourceOrgID': 'o-aaaaaaaaaa' } }),
          Sid: 'No',
          Effect: 'Deny',
        },
      ],
      organizationId: 'o-aaaaaaaaaa',
    },
    'pass unknown unknown unknown',
  ],
  ['a policy that nobody read', { policy: { unread: 'denied' } }, 'pass unknown unknown unknown'],
  ['a key that is gone', { key: { exists: false } }, 'pass not-applicable not-applicable not-applicable'],
])('what CloudTrail needs: %s', (_, given, expected) => expect(statuses(given)).toBe(expected));

test('of an event data store that nobody read nothing is known', () => {
  const findings = store({}, 'it was denied').filter(({ check }) => appliesToEventDataStores(check));
  expect(new Set(findings.map(({ status, message }) => `${status} ${message}`))).toEqual(
    new Set(['unknown it was denied']),
  );
});

test.each<[string, Partial<TrailCase>, Record<string, string>]>([
  ['open to everybody', { statements: [ACCOUNT, { ...ACCOUNT, Principal: '*' }] }, { 'public-excluded': 'fail' }],
  ['disabled', { key: { metadata: { state: 'Disabled' } } }, { 'key-usable': 'fail' }],
  ["one of AWS's", { key: { metadata: { manager: 'AWS' } } }, { 'key-customer-managed': 'fail' }],
])('the key is looked at as that of a trail: %s', (_, given, expected) => {
  expect(Object.fromEntries(store(given).map(({ check, status }) => [check, status]))).toMatchObject(expected);
});

test('it gets no steps of a repair, and nothing is said of trails', () => {
  const findings = store({ statements: [ACCOUNT] });
  expect(findings.flatMap(({ remedy }) => remedy)).toEqual([]);
  const others = findings.filter(({ check }) => !appliesToEventDataStores(check)).map(({ status }) => status);
  expect(new Set(others)).toEqual(new Set(['not-applicable']));
});
