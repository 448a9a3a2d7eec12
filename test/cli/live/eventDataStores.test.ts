import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetEventDataStoreCommand, ListEventDataStoresCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { ACCOUNT, KEY_ARN, OF_RAM, refused, UNSHARED } from '../../aws/support/answers.ts';
import { answerAll, cloudtrail, deny, kms, listed, STORE, sent } from '../doctor/account.ts';
import { cli } from '../support.ts';

const HERE = ['--regions', 'us-east-1', '--quiet', '--format', 'json'];
const ASKED = [...HERE, '--read', 'event-data-stores'];
const FOR_STORES = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
      Resource: '*',
    },
  ],
});

beforeEach(() => {
  answerAll();
  kms.on(GetKeyPolicyCommand).resolves({ Policy: FOR_STORES });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
});

const run = async (...args: readonly string[]) => {
  const { stdout, ...rest } = await cli(args, { env: { AWS_REGION: 'us-east-1' } });
  return { ...rest, ...JSON.parse(stdout) };
};
const statusOf = (store: { findings: readonly { check: string; status: string }[] }, id: string) =>
  store.findings.find(({ check }) => check === id)?.status;

test('they are not asked for by default', async () => {
  const { eventDataStores } = await run('scan', ...HERE);
  expect(eventDataStores).toBeUndefined();
  expect(sent()).not.toContain('ListEventDataStores');
});

test('each is listed, read and evaluated with its key, and counted apart from the trails', async () => {
  const { eventDataStores, summary } = await run('scan', ...ASKED);
  expect(eventDataStores).toHaveLength(1);
  expect(eventDataStores[0]).toMatchObject({
    trailArn: null,
    eventDataStoreArn: STORE,
    address: STORE,
    accountId: ACCOUNT,
    region: 'us-east-1',
    kmsKeyArn: KEY_ARN,
    standing: 'compliant',
  });
  expect(statusOf(eventDataStores[0], 'cloudtrail-can-encrypt')).toBe('pass');
  expect(Object.values(summary)).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
  expect(Object.values(summary as Record<string, number>).reduce((sum, one) => sum + one)).toBe(1);
});

test.each<[string, () => unknown, string, string, string]>([
  [
    'without a key',
    () => cloudtrail.on(GetEventDataStoreCommand).resolves({ EventDataStoreArn: STORE }),
    'trail-encrypted',
    'fail',
    'non-compliant',
  ],
  [
    'with a key that is scheduled for deletion',
    () =>
      kms
        .on(DescribeKeyCommand)
        .resolves({ KeyMetadata: { Arn: KEY_ARN, KeyId: 'k', KeyState: 'PendingDeletion', KeyManager: 'CUSTOMER' } }),
    'key-usable',
    'fail',
    'non-compliant',
  ],
  ['that may not be read', () => deny('GetEventDataStore'), 'key-exists', 'unknown', 'undecided'],
  ['that may not be listed', () => deny('ListEventDataStores'), 'key-exists', 'unknown', 'undecided'],
  [
    'in a partition that has none',
    () => cloudtrail.on(ListEventDataStoresCommand).rejects(refused('UnsupportedOperationException', 'not here')),
    'key-exists',
    'unknown',
    'undecided',
  ],
])('one %s', async (_, given, check, status, standing) => {
  given();
  const { eventDataStores, code } = await run('scan', ...ASKED);
  expect(eventDataStores[0].standing).toBe(standing);
  expect(statusOf(eventDataStores[0], check)).toBe(status);
  expect(code).toBe(1);
});

test('a policy of its key that may not be read names the permission as data', async () => {
  kms.on(GetKeyPolicyCommand).rejects(refused('AccessDeniedException', 'no'));
  const { eventDataStores } = await run('scan', ...ASKED);
  const found = eventDataStores[0].findings.find(({ check }: { check: string }) => check === 'cloudtrail-can-encrypt');
  expect(found).toMatchObject({ status: 'unknown', missingPermission: { action: 'kms:GetKeyPolicy' } });
});

test.each(['ListEventDataStores', 'GetEventDataStore'])('a refused %s names the permission', async (operation) => {
  deny(operation);
  const { eventDataStores } = await run('scan', ...ASKED);
  const [finding] = eventDataStores[0].findings;
  expect(finding.message).toContain(`lacks cloudtrail:${operation}`);
  expect(finding.missingPermission).toMatchObject({ action: `cloudtrail:${operation}` });
});

test('it makes the exit code 1 where no trail does', async () => {
  listed();
  expect((await run('scan', ...ASKED, '--allow-empty')).code).toBe(0);
  cloudtrail.on(GetEventDataStoreCommand).resolves({ EventDataStoreArn: STORE });
  expect((await run('scan', ...ASKED, '--allow-empty')).code).toBe(1);
});

test('every page is read, and what is being deleted is left out', async () => {
  const another = STORE.replace('EXAMPLE-', 'OTHER00-');
  cloudtrail
    .on(ListEventDataStoresCommand)
    .resolvesOnce({ EventDataStores: [{ EventDataStoreArn: another }], NextToken: 'two' })
    .resolves({ EventDataStores: [{ EventDataStoreArn: STORE }] });
  cloudtrail
    .on(GetEventDataStoreCommand, { EventDataStore: another })
    .resolves({ EventDataStoreArn: another, Status: 'PENDING_DELETION' });
  const { eventDataStores } = await run('scan', ...ASKED);
  expect(eventDataStores.map((one: { address: string }) => one.address)).toEqual([STORE]);
});

test('a key that stays throttled costs its own store alone', async () => {
  const another = STORE.replace('EXAMPLE-', 'OTHER00-');
  const throttled = KEY_ARN.replace('eu-west-1', 'us-east-1');
  cloudtrail
    .on(ListEventDataStoresCommand)
    .resolves({ EventDataStores: [{ EventDataStoreArn: another }, { EventDataStoreArn: STORE }] });
  cloudtrail
    .on(GetEventDataStoreCommand, { EventDataStore: another })
    .resolves({ EventDataStoreArn: another, KmsKeyId: throttled });
  kms.on(DescribeKeyCommand, { KeyId: throttled }).rejects(refused('ThrottlingException', 'Rate exceeded'));
  const { eventDataStores, code, stderr } = await run('scan', ...ASKED);
  const standings = eventDataStores.map((one: { address: string; standing: string }) => [one.address, one.standing]);
  expect(Object.fromEntries(standings)).toEqual({ [another]: 'undecided', [STORE]: 'compliant' });
  expect(code).toBe(3);
  expect(stderr).toContain(`event data store ${another} could not be read: KMS DescribeKey`);
});

test('what collect writes is evaluated to the same', async () => {
  const { stdout } = await cli(['collect', ...ASKED], { env: { AWS_REGION: 'us-east-1' } });
  const { eventDataStores } = JSON.parse(stdout);
  expect(eventDataStores).toEqual([
    { EventDataStore: expect.objectContaining({ EventDataStoreArn: STORE, KmsKeyId: KEY_ARN }) },
  ]);
  const evaluated = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin: stdout });
  const scanned = await run('scan', ...ASKED);
  expect(JSON.parse(evaluated.stdout).eventDataStores).toEqual(scanned.eventDataStores);
});

test('a schedule over what collect writes reports them under their own type', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
  const scheduled = async (snapshot: string) => {
    const invokingEvent = JSON.stringify({ messageType: 'ScheduledNotification', awsAccountId: ACCOUNT });
    const configRuleArn = `arn:aws:config:us-east-1:${ACCOUNT}:config-rule/config-rule-1`;
    const event = join(folder, 'event.json');
    await writeFile(event, JSON.stringify({ invokingEvent, configRuleArn, accountId: ACCOUNT, resultToken: 'token' }));
    const args = ['evaluate', '--snapshot', '-', '--event', event, '--format', 'json'];
    return cli(args, { stdin: snapshot });
  };
  const { stdout } = await cli(['collect', ...ASKED], { env: { AWS_REGION: 'us-east-1' } });
  const { evaluations } = JSON.parse((await scheduled(stdout)).stdout);
  expect(
    evaluations.map((one: Record<string, string>) => [one.ComplianceResourceType, one.ComplianceResourceId]),
  ).toEqual([
    ['AWS::CloudTrail::Trail', 'main'],
    ['AWS::CloudTrail::EventDataStore', STORE],
  ]);
  deny('ListEventDataStores');
  const denied = await cli(['collect', ...ASKED], { env: { AWS_REGION: 'us-east-1' } });
  const { stderr } = await scheduled(denied.stdout);
  expect(stderr).toContain('the event data stores are not listed: ');
  expect(stderr).toContain('lacks cloudtrail:ListEventDataStores');
  await rm(folder, { recursive: true });
});

test('as JSON lines each has its own, with its key, and is evaluated to the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
  const file = join(folder, 'snapshot.jsonl');
  const lines = [...HERE.slice(0, 3), '--read', 'event-data-stores', '--format', 'jsonl', '--output', file];
  expect((await cli(['collect', ...lines], { env: { AWS_REGION: 'us-east-1' } })).code).toBe(0);
  const written = (await readFile(file, 'utf8')).trim().split('\n').slice(1);
  expect(written.map((line) => Object.keys(JSON.parse(line)))).toEqual([
    ['trails', 'keys', 'buckets', 'resourceControlPolicies', 'organizations'],
    ['eventDataStores', 'keys', 'resourceControlPolicies', 'organizations'],
  ]);
  const { eventDataStores } = JSON.parse((await cli(['evaluate', '--snapshot', file, '--format', 'json'])).stdout);
  expect(eventDataStores).toEqual((await run('scan', ...ASKED)).eventDataStores);
  await rm(folder, { recursive: true });
});

test('what CloudTrail could not be asked for is undecided, and the scan is not whole', async () => {
  cloudtrail.on(ListEventDataStoresCommand).rejects(refused('ThrottlingException'));
  const { eventDataStores, code, stderr } = await run('scan', ...ASKED.filter((one) => one !== '--quiet'));
  expect({ code, standing: eventDataStores[0].standing }).toEqual({ code: 3, standing: 'undecided' });
  expect(stderr).toContain(`the event data stores of account ${ACCOUNT} in us-east-1 could not be read`);
});

test.each([[['scan', '--aggregator', 'all', '--read', 'event-data-stores'], '`--aggregator` lists trails alone']])(
  '%j is refused',
  async (args, message) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  },
);
