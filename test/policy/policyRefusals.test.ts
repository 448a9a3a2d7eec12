import { policyRefusals } from '../../src/policy/policyRefusals.ts';

/** What is refused of a policy as such: `test/cases/trail/checks/policy-writable.json`. Here: the lockout of its writer. */
const WRITER = 'arn:aws:iam::111111111111:role/deployer';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/k';

const allow = (more: object) => ({
  Sid: 'A',
  Effect: 'Allow',
  Principal: { AWS: WRITER },
  Action: 'kms:*',
  Resource: '*',
  ...more,
});

const rows: readonly (readonly [string, readonly object[], boolean])[] = [
  ['named', [allow({})], false],
  ['its account', [allow({ Principal: { AWS: '111111111111' } })], false],
  [
    'everybody of its account',
    [allow({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': '111111111111' } } })],
    false,
  ],
  ['by a condition that may hold', [allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })], false],
  ['another role', [allow({ Principal: { AWS: 'arn:aws:iam::111111111111:role/other' } })], true],
  ['another account', [allow({ Principal: { AWS: '222222222222' } })], true],
  ['not for this action', [allow({ Action: 'kms:Decrypt' })], true],
  ['not for this key', [allow({ Resource: 'arn:aws:s3:::bucket' })], true],
  ['denied', [allow({}), allow({ Sid: 'D', Effect: 'Deny', Principal: '*', Action: 'kms:PutKeyPolicy' })], true],
  [
    'everybody of another account',
    [allow({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': '222222222222' } } })],
    true,
  ],
];

test.each(rows)('the writer keeps PutKeyPolicy: %s', (_, Statement, locksOut) => {
  const document = { Version: '2012-10-17', Statement };
  const codes = policyRefusals(document, { principalArn: WRITER, keyArn: KEY }).map(({ code }) => code);
  expect(codes).toEqual(locksOut ? ['locks-out'] : []);
  expect(policyRefusals(document)).toEqual([]);
  expect(policyRefusals(JSON.stringify(document))).toEqual([]);
});

test('a policy that is refused anyway is not asked about its writer', () => {
  const document = { Version: '2012-10-17', Statement: [allow({ Principal: 'deployer' })] };
  expect(policyRefusals(document, { principalArn: WRITER, keyArn: KEY }).map(({ code }) => code)).toEqual(['grammar']);
});

test.each<[string, unknown, readonly string[]]>([
  [
    'too large, whatever else is wrong',
    { Statement: [allow({ Sid: 'x'.repeat(40_000), Principal: 'deployer' })] },
    ['size'],
  ],
  [
    'a character of another script beside a principal that is none',
    { Version: '2012-10-17', Statement: [allow({ Sid: 'A', Principal: 'деплой' })] },
    ['characters', 'grammar'],
  ],
  ['an element that there is not', { Version: '2012-10-17', Statements: [], Statement: [allow({})] }, ['grammar']],
  ['no policy', '[]', ['no-policy']],
  ['no policy, and a character of another script', '["д"]', ['characters', 'no-policy']],
])('by what is told: %s', (_, document, codes) => {
  expect(policyRefusals(document).map(({ code }) => code)).toEqual(codes);
});
