// Slow: `npm run quick` leaves it out.
import { DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';
import { FURTHER_READS } from '../../../src/cli/live/request.ts';
import { ACCOUNT, FOREIGN_KEY_ARN, KEY_ARN, OTHER_ACCOUNT, refused } from '../../aws/support/answers.ts';
import { cli } from '../support.ts';
import { answerAll, CALLER, cloudtrail, deny, kms, listed, s3, sent, sts, TRAIL } from './account.ts';

/** CloudTrail's two lookups a second are no matter of these tests. */
jest.mock('../../../src/aws/read/lookUp.ts', () => {
  const actual = jest.requireActual('../../../src/aws/read/lookUp.ts');
  return { ...actual, eventLookup: () => actual.eventLookup(0) };
});

beforeEach(answerAll);

const HERE = ['--regions', 'us-east-1'];
const OTHERS = ['--accounts', `${ACCOUNT},${OTHER_ACCOUNT}`, '--role-name', 'audit/Reader', ...HERE];

interface Call {
  readonly action: string;
  readonly status: string;
  readonly denied: readonly { readonly reason: string; readonly regions: readonly string[]; readonly advice: string }[];
}

async function examined(args: readonly string[] = HERE) {
  const { code, stdout, stderr } = await cli(['doctor', ...args, '--format', 'json'], {
    env: { AWS_REGION: 'us-east-1' },
  });
  const { calls, ...rest } = JSON.parse(stdout);
  const by = (status: string) =>
    (calls as readonly Call[]).filter((call) => call.status === status).map(({ action }) => action);
  const call = (action: string) => (calls as readonly Call[]).find((one) => one.action === action);
  return { code, stderr, calls, by, call, ...rest };
}

test('everything is there: each call that `scan` makes was tried, and none that writes', async () => {
  const { code, status, calls, by, policies, organizationId, caller, closedAccounts } = await examined();
  expect({ code, status, policies, organizationId, caller, closedAccounts }).toEqual({
    code: 0,
    status: 'complete',
    policies: [],
    organizationId: 'o-exampleorg1',
    caller: CALLER,
    closedAccounts: [],
  });
  expect(by('allowed')).toHaveLength(calls.length);
  const unconditional = PERMISSIONS.filter(
    ({ callers, when }) =>
      callers.includes('scan') &&
      !['all-regions', 'organization', 'roles', 'aggregator', 'bare-items', 'look-ups', ...FURTHER_READS].includes(
        when ?? '',
      ),
  );
  expect(sent()).toEqual(unconditional.map(({ operation }) => operation).toSorted());
});

test.each([
  ['bucket-policy', 'GetBucketPolicy', 's3:GetBucketPolicy'],
  ['key-events', 'LookupEvents', 'cloudtrail:LookupEvents'],
  ['log-group', 'DescribeLogGroups', 'logs:DescribeLogGroups'],
  ['event-data-stores', 'GetEventDataStore', 'cloudtrail:GetEventDataStore'],
  ['event-data-stores', 'ListEventDataStores', 'cloudtrail:ListEventDataStores'],
  ['topic', 'GetTopicAttributes', 'sns:GetTopicAttributes'],
  ['previous-keys', 'GetResourceConfigHistory', 'config:GetResourceConfigHistory'],
  ['previous-keys', 'LookupEvents', 'cloudtrail:LookupEvents'],
  ['history', 'LookupEvents', 'cloudtrail:LookupEvents'],
  ['key-events', 'GetKeyLastUsage', 'kms:GetKeyLastUsage'],
])('what `--read %s` adds is tried as well', async (what, operation, action) => {
  const { by } = await examined([...HERE, '--read', what]);
  expect(sent()).toContain(operation);
  expect(by('allowed')).toContain(action);
});

test.each<[string, string, number, string]>([
  ['a needed call', 'GetKeyPolicy', 1, 'missing'],
  ['the list of trails', 'DescribeTrails', 1, 'missing'],
  ['an optional call', 'GetTrailStatus', 0, 'complete'],
])('%s is denied', async (_, operation, code, status) => {
  deny(operation);
  const found = await examined();
  const { action = '' } = PERMISSIONS.find((row) => row.operation === operation) ?? {};
  expect(found).toMatchObject({ code, status });
  expect(found.by('denied')).toEqual([action]);
  expect(found.call(action)?.denied[0]?.reason).toBe(
    `${CALLER} lacks ${action} on ${operation === 'DescribeTrails' ? `account ${ACCOUNT}` : operation === 'GetKeyPolicy' ? KEY_ARN : TRAIL} (no identity-based policy allows the action)`,
  );
  expect(found.policies).toEqual([
    { principal: CALLER, policy: { Version: '2012-10-17', Statement: [expect.objectContaining({ Action: action })] } },
  ]);
});

test.each<[string, string, string, string, boolean]>([
  ['a service control policy', 'GetTrailStatus', 'with an explicit deny in a service control policy', 'scp', false],
  ['a permissions boundary', 'GetTrailStatus', 'because no permissions boundary allows it', 'boundary', false],
  ['an explicit Deny', 'GetTrailStatus', 'with an explicit deny in an identity-based policy', 'identity', false],
  ['a missing statement', 'GetTrailStatus', 'because no identity-based policy allows it', 'identity', true],
  ['a key policy', 'GetKeyPolicy', 'because no resource-based policy allows it', 'resource', true],
])('who denied it, and whether a permission helps: %s', async (_, operation, how, policy, helps) => {
  deny(operation, how);
  const { calls, policies } = await examined();
  const [{ denied }] = calls.filter(({ status }: Call) => status === 'denied');
  expect(denied[0].deniedBy.policy).toBe(policy);
  expect(policies).toHaveLength(helps ? 1 : 0);
  expect(denied[0].advice).toEqual(
    policy === 'identity' && helps ? null : expect.stringMatching(policy === 'resource' ? /"Sid"/ : /allow it|Deny/),
  );
});

test('a Region deny is told once for all of its Regions', async () => {
  deny('DescribeTrails', 'with an explicit deny in a service control policy');
  const { call } = await examined(['--regions', 'us-east-1,eu-west-1']);
  expect(call('cloudtrail:DescribeTrails')?.denied.map(({ regions }: Call['denied'][0]) => regions)).toEqual([
    ['us-east-1', 'eu-west-1'],
  ]);
});

test.each<[string, () => void, readonly string[], object]>([
  [
    'no list of accounts',
    () => deny('ListAccounts'),
    ['--organization', '--role-name', 'R', ...HERE],
    { code: 1, accounts: [ACCOUNT] },
  ],
  [
    'a role that is closed',
    () => deny('AssumeRole'),
    OTHERS,
    { code: 1, closedAccounts: [{ accountId: OTHER_ACCOUNT, reason: expect.stringContaining('does not trust it') }] },
  ],
  [
    'no aggregator',
    () => deny('SelectAggregateResourceConfig'),
    ['--aggregator', 'a'],
    { code: 1, accounts: [ACCOUNT] },
  ],
  ['no list of Regions', () => deny('DescribeRegions'), ['--all-regions'], { code: 1 }],
  [
    'a key in an account without a role',
    () => listed({ KmsKeyId: FOREIGN_KEY_ARN }),
    HERE,
    { code: 1, closedAccounts: [{ accountId: OTHER_ACCOUNT, reason: expect.stringContaining('--role-name') }] },
  ],
  ['a trail without a key: its calls are not made', () => listed({}), HERE, { code: 0 }],
  ['no trail', () => listed(), HERE, { code: 0, trails: 0 }],
  [
    'throttling is no answer',
    () => cloudtrail.on(GetTrailStatusCommand).rejects(refused('ThrottlingException', 'Rate exceeded')),
    HERE,
    { code: 3, status: 'unfinished' },
  ],
  [
    'nor is it on the way into the account of a key',
    () => {
      listed({ KmsKeyId: FOREIGN_KEY_ARN });
      sts.on(AssumeRoleCommand).rejects(refused('ThrottlingException', 'Rate exceeded'));
    },
    [...HERE, '--role-name', 'audit/Reader'],
    { code: 3, status: 'unfinished', trails: 1 },
  ],
  [
    'a list that is throttled is no answer',
    () => cloudtrail.on(DescribeTrailsCommand).rejects(refused('ThrottlingException', 'Rate exceeded')),
    HERE,
    { code: 3, status: 'unfinished' },
  ],
  [
    'S3 names the Region in a refusal: nothing is missing',
    () => s3.on(HeadBucketCommand).rejects(refused('Unknown', '', 403, { 'x-amz-bucket-region': 'us-east-1' })),
    HERE,
    { code: 0, policies: [] },
  ],
  [
    'a key that is gone was asked for',
    () => kms.on(GetKeyPolicyCommand).rejects(refused('NotFoundException')),
    HERE,
    { code: 0, policies: [] },
  ],
])('%s', async (_, prepare, args, expected) => {
  prepare();
  expect(await examined(args)).toMatchObject(expected);
});

test.each<[string, readonly string[], readonly string[], string | null]>([
  ['those of the options', ['--regions', 'us-east-1,eu-west-1'], ['eu-west-1', 'us-east-1'], null],
  ['every one', ['--all-regions'], ['eu-west-1', 'us-east-1'], null],
  ['none, for an aggregator', ['--aggregator', 'a'], [], null],
  ['and the role of the others', OTHERS, ['us-east-1'], 'arn:aws:iam::*:role/audit/Reader'],
])('which Regions are asked: %s', async (_, args, regions, roleArn) => {
  expect(await examined(args)).toMatchObject({ regions, roleArn });
});

test('what the role lacks is a policy of its own', async () => {
  deny('GetTrailStatus');
  listed({}, { TrailARN: TRAIL.replace(ACCOUNT, OTHER_ACCOUNT) });
  const { policies, accounts } = await examined(OTHERS);
  expect(accounts).toEqual([ACCOUNT, OTHER_ACCOUNT]);
  expect(policies.map(({ principal }: { principal: string }) => principal)).toEqual([
    CALLER,
    'arn:aws:iam::*:role/audit/Reader',
  ]);
});

test('for repair the owners are read too, and what writes is named and not tried', async () => {
  const before = await examined(['--for', 'repair', ...HERE]);
  expect(before.code).toBe(0);
  expect(before.by('written')).toEqual(PERMISSIONS.filter(({ writes }) => writes).map(({ action }) => action));
  expect(sent()).toEqual(expect.arrayContaining(['ListResourceTags', 'ListTags']));
  expect(sent().filter((name) => /^(Put|Update|Enable|Disable|Cancel)/.test(name))).toEqual([]);
  deny('ListResourceTags');
  expect(await examined(['--for', 'repair', ...HERE])).toMatchObject({ code: 1 });
});

test('no credentials: one line and exit code 3', async () => {
  sts
    .on(GetCallerIdentityCommand)
    .rejects(Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }));
  const { code, stdout, stderr } = await cli(['doctor', ...HERE]);
  expect(stderr).toMatch(/^cloudtrail-kms: no AWS credentials were found[^\n]*\n$/);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
});

test('which managed policy suffices', async () => {
  const { managedPolicies } = await examined();
  expect(managedPolicies).toEqual([
    {
      name: 'SecurityAudit',
      version: 'v94',
      asOf: '2026-09-30',
      suffices: false,
      lacks: ['cloudtrail:GetEventConfiguration'],
    },
    { name: 'ReadOnlyAccess', version: 'v190', asOf: '2026-09-24', suffices: true, lacks: [] },
  ]);
  const { managedPolicies: withRole } = await examined(OTHERS);
  expect(withRole[1].lacks).toEqual(['sts:AssumeRole']);
});

test('in words', async () => {
  deny('GetKeyPolicy', 'because no resource-based policy allows it');
  deny('GetKeyRotationStatus', 'with an explicit deny in a service control policy');
  const { code, stdout, stderr } = await cli(['doctor', ...HERE]);
  const lines = stdout.split('\n');
  const after = (line: string, count: number) => lines.slice(lines.indexOf(line), lines.indexOf(line) + count);
  expect(lines.slice(0, 6)).toEqual([
    `caller        ${CALLER}`,
    `account       ${ACCOUNT}, starting from us-east-1`,
    'organization  o-exampleorg1',
    'Regions       us-east-1',
    'role          none: no other account is entered',
    'looked at     1 account, 1 trail',
  ]);
  expect(after('Needed by `scan`', 8)).toEqual([
    'Needed by `scan`',
    '  allowed    STS GetCallerIdentity, which takes no permission',
    '  allowed    cloudtrail:DescribeTrails',
    '  allowed    kms:DescribeKey',
    '  MISSING    kms:GetKeyPolicy',
    `             account ${ACCOUNT} in eu-west-1: ${CALLER} lacks`,
    '             kms:GetKeyPolicy on',
    `             ${KEY_ARN} (no`,
  ]);
  expect(after('  MISSING    kms:GetKeyRotationStatus', 7).slice(4)).toEqual([
    '             explicit deny in a service control policy)',
    '             a service control policy has to allow it: no permission of the principal changes that',
    '             unknown without it: key-rotates',
  ]);
  expect(stdout).toContain(`The least policy that adds what is missing, for ${CALLER}\n{\n  "Version": "2012-10-17",`);
  expect(stdout).toContain('  SecurityAudit (v94 of 2026-09-30) lacks cloudtrail:GetEventConfiguration (optional)\n');
  expect(lines.at(-2)).toBe('missing for `scan`: 1 needed call; 1 optional call missing');
  expect(stderr).toBe(`account ${ACCOUNT}: 1 trail\n`);
  expect(code).toBe(1);
});
