import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetResourceConfigHistoryCommand, SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { ACCOUNT, KEY_ARN, OTHER_ACCOUNT, refused } from '../../aws/support/answers.ts';
import {
  answerAll,
  cloudtrail,
  config,
  deny,
  LOG_GROUP,
  listed,
  logs,
  sent,
  sns,
  sts,
  TOPIC,
  TRAIL,
} from '../doctor/account.ts';
import { answerKey, collected, OLD_KEY, scanned, TOPIC_KEY } from './support.ts';

const OF = { log: 'log-group-encrypted', topic: 'topic-admits-cloudtrail', old: 'previous-keys-kept' } as const;

beforeEach(answerAll);

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

/** The aggregator tells of one trail, of this account or another. */
function recorded(accountId = ACCOUNT, isOrganizationTrail?: boolean): void {
  const configuration = {
    trailARN: TRAIL.replace(ACCOUNT, accountId),
    name: 'main',
    homeRegion: 'us-east-1',
    s3BucketName: 'logs',
    kmsKeyId: KEY_ARN,
    isOrganizationTrail,
  };
  const Results = [JSON.stringify({ accountId, awsRegion: 'us-east-1', configuration })];
  config.on(SelectAggregateResourceConfigCommand).resolves({ Results });
}

test("an aggregator's list is without log group and topic: CloudTrail is asked for them", async () => {
  recorded();
  const args = ['--aggregator', 'all', '--read', 'log-group'];
  expect(await scanned(OF.log, ...args)).toMatchObject({ status: 'pass' });
  expect(cloudtrail.commandCalls(DescribeTrailsCommand)).toHaveLength(1);
  deny('DescribeTrails');
  const message = expect.stringContaining('lacks cloudtrail:DescribeTrails');
  expect(await scanned(OF.log, ...args)).toMatchObject({ status: 'unknown', message });
  expect(sts.calls().map(({ args: [command] }) => command.constructor.name)).not.toContain('AssumeRoleCommand');
});

test.each<[string, () => void, number, string]>([
  ['is gone', () => recorded(), 1, `CloudTrail finds no trail \`${TRAIL}\``],
  ['is of an account that nothing opens', () => recorded(OTHER_ACCOUNT, false), 0, 'it takes `--role-name`'],
  ['is of an organization, and not shown here', () => recorded(OTHER_ACCOUNT, true), 1, 'it takes `--role-name`'],
])('log group and topic of a recorded trail that %s are unknown', async (_, given, asked, says) => {
  given();
  listed();
  const args = ['--aggregator', 'all', '--read', 'log-group,topic'];
  for (const check of [OF.log, OF.topic])
    expect(await scanned(check, ...args)).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining(says),
    });
  expect(cloudtrail.commandCalls(DescribeTrailsCommand)).toHaveLength(2 * asked);
});
