import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { ACCOUNT, answerPlainly, denied, FOREIGN_KEY_ARN, KEY_ARN, ports, refused, trail } from './support/answers.ts';

const kms = mockClient(KMSClient);
const organizations = mockClient(OrganizationsClient);

const PARENTS: Readonly<Record<string, { Id: string; Type: 'ORGANIZATIONAL_UNIT' | 'ROOT' }>> = {
  [ACCOUNT]: { Id: 'ou-inner', Type: 'ORGANIZATIONAL_UNIT' },
  'ou-inner': { Id: 'ou-outer', Type: 'ORGANIZATIONAL_UNIT' },
  'ou-outer': { Id: 'r-root', Type: 'ROOT' },
};
const ATTACHED: Readonly<Record<string, readonly string[]>> = {
  [ACCOUNT]: ['p-RCPFullAWSAccess', 'p-account'],
  'ou-inner': ['p-RCPFullAWSAccess'],
  'ou-outer': ['p-shared'],
  'r-root': ['p-RCPFullAWSAccess', 'p-shared', 'p-root'],
};
const denyOf = (Sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }],
  });

beforeEach(() => {
  kms.reset();
  organizations.reset();
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: KEY_ARN, KeyId: 'x' } });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }) });
  answerPlainly(kms);
  organizations
    .on(DescribeOrganizationCommand)
    .resolves({ Organization: { Id: 'o-exampleorgid', MasterAccountId: '999999999999' } });
  organizations
    .on(ListParentsCommand)
    .callsFake(({ ChildId = '' }) => ({ Parents: PARENTS[ChildId] ? [PARENTS[ChildId]] : [] }));
  organizations
    .on(ListPoliciesForTargetCommand)
    .callsFake(({ TargetId = '' }) => ({ Policies: (ATTACHED[TargetId] ?? []).map((Id) => ({ Id })) }));
  organizations.on(DescribePolicyCommand).callsFake(({ PolicyId = '' }) => ({ Policy: { Content: denyOf(PolicyId) } }));
});

const readFrom = async (clients = createClients()) => {
  const live = ports({ readResourceControlPolicies: true }, clients);
  return (await live.key(KEY_ARN, trail)).resourceControlPolicies;
};
const labelsOf = ({ value }: { readonly value?: unknown }) =>
  (value as { policy: { statements: { label: string }[] } }[]).map(({ policy }) => policy.statements[0]?.label);

it('are those of the account, its organizational units and the root, each once', async () => {
  const policies = await readFrom();
  expect(policies.read).toBe(true);
  expect(labelsOf(policies as { value: unknown })).toEqual([
    'p-account p-account',
    'p-shared p-shared',
    'p-root p-root',
  ]);
  const filters = organizations.commandCalls(ListPoliciesForTargetCommand).map(({ args }) => args[0].input.Filter);
  expect(filters).toEqual(Array.from({ length: 4 }, () => 'RESOURCE_CONTROL_POLICY'));
  expect(organizations.commandCalls(DescribePolicyCommand)).toHaveLength(3);
});

it('go by the name that Organizations gives them, and their statements by it', async () => {
  organizations.on(DescribePolicyCommand, { PolicyId: 'p-account' }).resolves({
    Policy: { PolicySummary: { Id: 'p-account', Name: 'Perimeter' }, Content: denyOf('OrgOnly') },
  });
  expect(labelsOf((await readFrom()) as { value: unknown })[0]).toBe('Perimeter (p-account) OrgOnly');
});

it('are read to the last page, past an empty one', async () => {
  organizations
    .on(ListPoliciesForTargetCommand, { TargetId: ACCOUNT })
    .resolvesOnce({ Policies: [], NextToken: 'more' })
    .resolves({ Policies: [{ Id: 'p-later' }] });
  expect(labelsOf((await readFrom()) as { value: unknown })).toEqual([
    'p-later p-later',
    'p-shared p-shared',
    'p-root p-root',
  ]);
});

it('are kept beyond the invocation, for an hour', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const clients = createClients();
  await readFrom(clients);
  const first = organizations.calls().length;
  jest.advanceTimersByTime(3_599_999);
  await readFrom(clients);
  expect(organizations.calls()).toHaveLength(first);
  jest.advanceTimersByTime(1);
  await readFrom(clients);
  expect(organizations.calls()).toHaveLength(2 * first);
  jest.useRealTimers();
});

it('never bind the management account', async () => {
  organizations.on(DescribeOrganizationCommand).resolves({ Organization: { MasterAccountId: ACCOUNT } });
  expect(await readFrom()).toEqual({ read: true, value: [] });
  expect(organizations.calls()).toHaveLength(1);
});

it('do not exist without an organization', async () => {
  organizations.on(DescribeOrganizationCommand).rejects(refused('AWSOrganizationsNotInUseException'));
  expect(await readFrom()).toEqual({ read: true, value: [] });
});

it('of another account are unread, where the function’s own account is in no organization', async () => {
  organizations.on(DescribeOrganizationCommand).rejects(refused('AWSOrganizationsNotInUseException'));
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'x' } });
  const live = ports({ readResourceControlPolicies: true });
  expect((await live.key(FOREIGN_KEY_ARN, trail)).resourceControlPolicies).toEqual({
    read: false,
    code: 'failed',
    reason: `Organizations DescribeOrganization for account ${ACCOUNT} answered AWSOrganizationsNotInUseException`,
  });
});

it('are unread where they may not be read, with the reason, and are asked for again', async () => {
  organizations.on(ListPoliciesForTargetCommand).rejects(denied('organizations:ListPoliciesForTarget'));
  const clients = createClients();
  expect(await readFrom(clients)).toMatchObject({
    read: false,
    code: 'denied',
    deniedBy: { policy: 'identity', isExplicit: false },
    reason: expect.stringMatching(/lacks organizations:ListPoliciesForTarget.*management account and to delegated/),
  });
  const before = organizations.commandCalls(ListPoliciesForTargetCommand).length;
  await readFrom(clients);
  expect(organizations.commandCalls(ListPoliciesForTargetCommand).length).toBeGreaterThan(before);
});

it.each(['TargetNotFoundException', 'UnsupportedAPIEndpointException'])('are unread on %s', async (code) => {
  organizations.on(ListPoliciesForTargetCommand).rejects(refused(code));
  expect(await readFrom()).toMatchObject({ code: 'failed', reason: expect.stringContaining(`answered ${code}`) });
});

it('are unread where the chain of parents breaks off', async () => {
  organizations.on(ListParentsCommand).resolves({ Parents: [] });
  expect(await readFrom()).toMatchObject({ code: 'not-told', reason: `Organizations names no parent of ${ACCOUNT}` });
});

it('throw on throttling', async () => {
  organizations.on(DescribePolicyCommand).rejects(refused('TooManyRequestsException', 'slow down'));
  await expect(readFrom()).rejects.toThrow('TooManyRequestsException: slow down');
});

it('are not asked for unless the deployment says so', async () => {
  const key = await ports().key(KEY_ARN, trail);
  expect(key.resourceControlPolicies).toEqual({
    read: false,
    code: 'not-asked',
    reason: 'resource control policies were not examined',
  });
  expect(organizations.calls()).toHaveLength(0);
});
