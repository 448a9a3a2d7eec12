import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetResourceConfigHistoryCommand, SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { ACCOUNT, KEY_ARN, OF_RAM, OTHER_ACCOUNT, refused, UNSHARED } from '../../aws/support/answers.ts';
import {
  answerAll,
  cloudtrail,
  config,
  deny,
  kms,
  LOG_GROUP,
  listed,
  logs,
  sent,
  sns,
  sts,
  TOPIC,
  TRAIL,
} from '../doctor/account.ts';
import { cli } from '../support.ts';

const HERE = ['--regions', 'us-east-1', '--quiet'];
const OF = { log: 'log-group-encrypted', topic: 'topic-admits-cloudtrail', old: 'previous-keys-kept' } as const;
const TOPIC_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/aaaaaaaa-12ab-34cd-56ef-1234567890ab`;
const OLD_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/bbbbbbbb-12ab-34cd-56ef-1234567890ab`;

beforeEach(answerAll);

async function scanned(check: string, ...args: readonly string[]) {
  const { stdout } = await cli(['scan', ...HERE, '--format', 'json', ...args], { env: { AWS_REGION: 'us-east-1' } });
  const { trails } = JSON.parse(stdout);
  return trails[0].findings.find((finding: { check: string }) => finding.check === check);
}

async function collected(...args: readonly string[]) {
  const { stdout, code } = await cli(['collect', ...HERE, ...args], { env: { AWS_REGION: 'us-east-1' } });
  return { stdout, code };
}

/** What a key answers that allows CloudTrail, or does not, or is on its way out. */
function answerKey(Arn: string, { policy = '', ...metadata }: { policy?: string; KeyState?: string } = {}): void {
  const KeyMetadata = { Arn, KeyId: 'k', KeyState: 'Enabled' as const, KeyManager: 'CUSTOMER' as const, ...metadata };
  kms.on(DescribeKeyCommand, { KeyId: Arn }).resolves({ KeyMetadata: KeyMetadata as never });
  kms.on(GetKeyPolicyCommand, { KeyId: Arn, PolicyName: 'default' }).resolves({ Policy: policy });
  kms.on(GetKeyPolicyCommand, { KeyId: Arn, ...OF_RAM }).rejects(UNSHARED);
}
const policyFor = (service: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
      },
    ],
  });

test('nothing of it is asked for by default', async () => {
  for (const check of Object.values(OF)) expect(await scanned(check)).toMatchObject({ status: 'not-applicable' });
  for (const name of ['DescribeLogGroups', 'GetTopicAttributes', 'GetResourceConfigHistory'])
    expect(sent()).not.toContain(name);
});

describe('the log group', () => {
  const groups = (...logGroups: readonly object[]) =>
    logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [...logGroups] });

  test.each<[string, () => unknown, string, string]>([
    ['has a key', () => undefined, 'pass', KEY_ARN],
    ['has none', () => groups({ logGroupName: 'trail' }), 'fail', 'has no KMS key'],
    [
      'is not there',
      () => groups({ logGroupName: 'trail-2', kmsKeyId: KEY_ARN }),
      'unknown',
      'finds no log group `trail`',
    ],
    ['is denied', () => deny('DescribeLogGroups'), 'unknown', 'lacks logs:DescribeLogGroups'],
    [
      "is another account's",
      () => listed({ KmsKeyId: KEY_ARN, CloudWatchLogsLogGroupArn: LOG_GROUP.replace(ACCOUNT, OTHER_ACCOUNT) }),
      'unknown',
      `a role in account ${OTHER_ACCOUNT} with logs:DescribeLogGroups`,
    ],
    [
      'stands on the second page',
      () =>
        logs
          .on(DescribeLogGroupsCommand)
          .resolvesOnce({ logGroups: [{ logGroupName: 'trail-2' }], nextToken: 'two' })
          .resolves({ logGroups: [{ logGroupName: 'trail' }] }),
      'fail',
      'has no KMS key',
    ],
    ['is none', () => listed({ KmsKeyId: KEY_ARN }), 'not-applicable', 'the trail has no log group'],
  ])('%s', async (_, given, status, says) => {
    given();
    expect(await scanned(OF.log, '--read', 'log-group')).toMatchObject({
      status,
      message: expect.stringContaining(says),
    });
  });

  test('is asked for by its name, where the trail is', async () => {
    await scanned(OF.log, '--read', 'log-group');
    expect(logs.commandCalls(DescribeLogGroupsCommand).map(({ args }) => args[0].input)).toEqual([
      { logGroupNamePrefix: 'trail' },
    ]);
  });
});

describe('the topic', () => {
  const encrypted = (KmsMasterKeyId: string) =>
    sns.on(GetTopicAttributesCommand).resolves({ Attributes: { TopicArn: TOPIC, KmsMasterKeyId } });

  test.each<[string, () => void, string, string]>([
    [
      'has a key that lets CloudTrail publish',
      () => {
        encrypted(TOPIC_KEY);
        answerKey(TOPIC_KEY, { policy: policyFor('cloudtrail.amazonaws.com') });
      },
      'pass',
      TOPIC_KEY,
    ],
    [
      'has a key that refuses CloudTrail, named by its id',
      () => {
        encrypted(TOPIC_KEY.split('/')[1] ?? '');
        answerKey(TOPIC_KEY, { policy: policyFor('s3.amazonaws.com') });
      },
      'fail',
      'does not let CloudTrail publish',
    ],
    ['has no key', () => undefined, 'not-applicable', 'is not encrypted'],
    ['is denied', () => deny('GetTopicAttributes'), 'unknown', 'lacks sns:GetTopicAttributes'],
    [
      'is not there',
      () => void sns.on(GetTopicAttributesCommand).rejects(refused('NotFoundException', 'Topic does not exist')),
      'unknown',
      'Topic does not exist',
    ],
  ])('%s', async (_, given, status, says) => {
    given();
    expect(await scanned(OF.topic, '--read', 'topic')).toMatchObject({
      status,
      message: expect.stringContaining(says),
    });
  });
});

describe('the keys that the trail named before', () => {
  const item = (kmsKeyId: unknown) => ({ configuration: kmsKeyId === null ? '' : JSON.stringify({ kmsKeyId }) });
  const history = (...keys: readonly unknown[]) =>
    config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: keys.map(item) });

  test.each<[string, () => void, string, string]>([
    [
      'are scheduled for deletion',
      () => {
        history(KEY_ARN, OLD_KEY, OLD_KEY, null);
        answerKey(OLD_KEY, { KeyState: 'PendingDeletion' });
      },
      'fail',
      'is to be deleted',
    ],
    [
      'are gone',
      () => {
        history(OLD_KEY);
        kms.on(DescribeKeyCommand, { KeyId: OLD_KEY }).rejects(refused('NotFoundException'));
      },
      'fail',
      'does not exist any more',
    ],
    [
      'are kept, a bare id among them',
      () => {
        history(OLD_KEY.split('/')[1], 'alias/trail', '');
        answerKey(OLD_KEY);
      },
      'pass',
      OLD_KEY,
    ],
    ['are none', () => void history(KEY_ARN, null), 'not-applicable', 'named no other key'],
    ['are not told', () => deny('GetResourceConfigHistory'), 'unknown', 'lacks config:GetResourceConfigHistory'],
    [
      'are not recorded',
      () =>
        void config
          .on(GetResourceConfigHistoryCommand)
          .rejects(refused('ResourceNotDiscoveredException', 'never seen')),
      'unknown',
      'never seen',
    ],
  ])('%s', async (_, given, status, says) => {
    given();
    expect(await scanned(OF.old, '--read', 'previous-keys')).toMatchObject({
      status,
      message: expect.stringContaining(says),
    });
  });

  test('are read page by page, and each by DescribeKey alone', async () => {
    config
      .on(GetResourceConfigHistoryCommand)
      .resolvesOnce({ configurationItems: [], nextToken: 'older' })
      .resolves({ configurationItems: [item(OLD_KEY)] });
    answerKey(OLD_KEY);
    const { stdout } = await collected('--read', 'previous-keys');
    const { trails, keys } = JSON.parse(stdout);
    expect(trails[0].PreviousKeys).toEqual([OLD_KEY]);
    expect(Object.keys(keys.find(({ KeyArn }: { KeyArn: string }) => KeyArn === OLD_KEY))).toEqual([
      'KeyArn',
      'KeyMetadata',
    ]);
    expect(config.commandCalls(GetResourceConfigHistoryCommand).map(({ args }) => args[0].input)).toEqual([
      { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main', limit: 100 },
      { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main', limit: 100, nextToken: 'older' },
    ]);
  });

  test('an item that is half an answer is no history', async () => {
    config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [{ configuration: '{' }] });
    const { code } = await collected('--read', 'previous-keys');
    expect(code).toBe(3);
  });
});

test('a line of JSON lines holds the keys of the topic and of older logs', async () => {
  sns.on(GetTopicAttributesCommand).resolves({ Attributes: { KmsMasterKeyId: TOPIC_KEY } });
  config.on(GetResourceConfigHistoryCommand).resolves({
    configurationItems: [{ configuration: JSON.stringify({ kmsKeyId: OLD_KEY }) }],
  });
  answerKey(TOPIC_KEY, { policy: policyFor('cloudtrail.amazonaws.com') });
  answerKey(OLD_KEY);
  const { stdout } = await collected('--read', 'topic,previous-keys', '--format', 'jsonl');
  const [, line] = stdout.trim().split('\n');
  const { keys } = JSON.parse(line ?? '');
  expect(keys.map(({ KeyArn }: { KeyArn: string }) => KeyArn).toSorted()).toEqual(
    [KEY_ARN, TOPIC_KEY, OLD_KEY].toSorted(),
  );
});

test("an aggregator's list is without log group and topic: CloudTrail is asked for them", async () => {
  const configuration = {
    trailARN: TRAIL,
    name: 'main',
    homeRegion: 'us-east-1',
    s3BucketName: 'logs',
    kmsKeyId: KEY_ARN,
  };
  const Results = [JSON.stringify({ accountId: ACCOUNT, awsRegion: 'us-east-1', configuration })];
  config.on(SelectAggregateResourceConfigCommand).resolves({ Results });
  const args = ['--aggregator', 'all', '--read', 'log-group'];
  expect(await scanned(OF.log, ...args)).toMatchObject({ status: 'pass' });
  expect(cloudtrail.commandCalls(DescribeTrailsCommand)).toHaveLength(1);
  deny('DescribeTrails');
  const message = expect.stringContaining('lacks cloudtrail:DescribeTrails');
  expect(await scanned(OF.log, ...args)).toMatchObject({ status: 'unknown', message });
  expect(sts.calls().map(({ args: [command] }) => command.constructor.name)).not.toContain('AssumeRoleCommand');
});
