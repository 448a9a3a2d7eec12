// Slow: `npm run quick` leaves it out.
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetResourceConfigHistoryCommand } from '@aws-sdk/client-config-service';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { documentLines } from '../../../src/cli/live/documentLines.ts';
import { ACCOUNT, KEY_ARN, OTHER_ACCOUNT, refused } from '../../aws/support/answers.ts';
import { answerAll, cloudtrail, config, deny, kms } from '../doctor/account.ts';
import { answerKey, collected, OLD_KEY, scanned, TOPIC_KEY } from './support.ts';

const FOREIGN_KEY = OLD_KEY.replace(ACCOUNT, OTHER_ACCOUNT);

beforeEach(answerAll);

/** What gave the trail a key, by an alias. */
const eventOf = (eventName: string, kmsKeyId: string) => ({
  EventId: 'e-1',
  EventName: eventName,
  EventTime: new Date('2026-11-19T09:00:00Z'),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'cloudtrail.amazonaws.com',
    eventName,
    requestParameters: { name: 'main', kmsKeyId: 'alias/trail' },
    responseElements: { name: 'main', kmsKeyId },
  }),
});

const item = (kmsKeyId: unknown) => ({ configuration: kmsKeyId === null ? '' : JSON.stringify({ kmsKeyId }) });
const history = (...keys: readonly unknown[]) =>
  config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: keys.map(item) });
const isOff = () =>
  config.on(GetResourceConfigHistoryCommand).rejects(refused('ResourceNotDiscoveredException', 'never seen'));
const given = (eventName: string, kmsKeyId: string) =>
  cloudtrail
    .on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }] })
    .resolves({ Events: [eventOf(eventName, kmsKeyId)] });

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
      void config.on(GetResourceConfigHistoryCommand).rejects(refused('ResourceNotDiscoveredException', 'never seen')),
    'unknown',
    'never seen',
  ],
  [
    'are told by an event alone, for AWS Config records nothing',
    () => {
      isOff();
      given('UpdateTrail', OLD_KEY);
      answerKey(OLD_KEY, { KeyState: 'PendingDeletion' });
    },
    'fail',
    "(read: the trail's events of the last 90 days; not AWS Config's history of the trail:",
  ],
  [
    'are told by the event of its creation, and gone',
    () => {
      isOff();
      given('CreateTrail', OLD_KEY);
      kms.on(DescribeKeyCommand, { KeyId: OLD_KEY }).rejects(refused('NotFoundException'));
    },
    'fail',
    'does not exist any more',
  ],
  [
    'are told by both, and kept',
    () => {
      history(KEY_ARN, OLD_KEY);
      given('UpdateTrail', TOPIC_KEY);
      answerKey(OLD_KEY);
      answerKey(TOPIC_KEY);
    },
    'pass',
    `\`${OLD_KEY}\`, \`${TOPIC_KEY}\` (read: AWS Config's history of the trail and the trail's events`,
  ],
  [
    "are another account's, of which KMS shows nothing",
    () => {
      isOff();
      given('UpdateTrail', FOREIGN_KEY);
      kms.on(DescribeKeyCommand, { KeyId: FOREIGN_KEY }).rejects(refused('NotFoundException'));
    },
    'unknown',
    'is kept is not known',
  ],
  [
    'are told by an event, and may not be described',
    () => {
      history(KEY_ARN);
      given('UpdateTrail', OLD_KEY);
      kms.on(DescribeKeyCommand, { KeyId: OLD_KEY }).rejects(refused('AccessDeniedException', 'no'));
    },
    'unknown',
    'lacks kms:DescribeKey',
  ],
  [
    'are none that events tell, which proves nothing',
    () => {
      isOff();
      given('UpdateTrail', KEY_ARN);
    },
    'unknown',
    "the trail's events of the last 90 days name none, which proves nothing",
  ],
  [
    'are none, as far as the history alone tells',
    () => {
      history(KEY_ARN);
      deny('LookupEvents');
    },
    'not-applicable',
    "named no other key before (read: AWS Config's history of the trail; not the trail's events",
  ],
])('%s', async (_, arranged, status, says) => {
  arranged();
  expect(await scanned('previous-keys-kept', '--read', 'previous-keys')).toMatchObject({
    status,
    message: expect.stringContaining(says),
  });
});

test('one that may not be described says which permission is missing, as data', async () => {
  history(KEY_ARN, OLD_KEY);
  kms.on(DescribeKeyCommand, { KeyId: OLD_KEY }).rejects(refused('AccessDeniedException', 'no'));
  expect(await scanned('previous-keys-kept', '--read', 'previous-keys')).toMatchObject({
    status: 'unknown',
    missingPermission: { action: 'kms:DescribeKey', resource: OLD_KEY },
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
  expect(trails[0].PreviousKeySources).toEqual([{ Source: 'GetResourceConfigHistory' }, { Source: 'LookupEvents' }]);
  expect(Object.keys(keys.find(({ KeyArn }: { KeyArn: string }) => KeyArn === OLD_KEY))).toEqual([
    'KeyArn',
    'KeyMetadata',
  ]);
  expect(config.commandCalls(GetResourceConfigHistoryCommand).map(({ args }) => args[0].input)).toEqual([
    { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main', limit: 100 },
    { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main', limit: 100, nextToken: 'older' },
  ]);
});

test('share the look-ups of `--read history`', async () => {
  await collected('--read', 'previous-keys,history');
  const asked = cloudtrail
    .commandCalls(LookupEventsCommand)
    .map(({ args }) => args[0].input.LookupAttributes?.[0]?.AttributeValue);
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
});

test('an item that is half an answer is no history', async () => {
  config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [{ configuration: '{' }] });
  const { code } = await collected('--read', 'previous-keys');
  expect(code).toBe(3);
});

test('a line of JSON lines holds the key that events show in use for the trail', () => {
  const trail = (name: string, KmsKeyId: string) => ({
    Trail: { TrailARN: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`, KmsKeyId },
    Status: { IsLogging: true },
  });
  const CloudTrailEvent = JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    userIdentity: { invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: { encryptionContext: { 'aws:cloudtrail:arn': trail('main', '').Trail.TrailARN } },
    resources: [{ ARN: OLD_KEY }],
  });
  const event = { EventId: 'e', EventName: 'GenerateDataKey', EventTime: new Date(0), CloudTrailEvent };
  const lines = [
    ...documentLines({
      version: 1,
      collectedAt: '2026-11-20T12:00:00Z',
      coverage: null,
      accounts: [],
      trails: [trail('main', KEY_ARN), trail('other', KEY_ARN)],
      keys: [{ KeyArn: KEY_ARN }, { KeyArn: OLD_KEY, KeyEvents: [event] }],
      buckets: [],
      resourceControlPolicies: [],
      organizations: [],
    }),
  ].map((line) => JSON.parse(line).keys?.map(({ KeyArn }: { KeyArn: string }) => KeyArn));
  expect(lines).toEqual([undefined, [KEY_ARN, OLD_KEY], [KEY_ARN]]);
});
