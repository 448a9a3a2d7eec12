import { InvalidInvocationError } from '../../src/rule/errors.ts';
import { describeConfiguredEventDataStore } from '../../src/rule/event/describeTrail.ts';
import { runRule } from '../../src/rule/runRule.ts';
import { type Reading, read, type TrailDescription, unread } from '../../src/trail/facts.ts';
import { ACCOUNT, REGION, trailNamed } from './facts.ts';
import { KEY_ARN, keyFacts, type Memory, memoryPorts } from './memoryPorts.ts';

const TYPE = 'AWS::CloudTrail::EventDataStore';
const ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`;
const CAPTURED = '2026-11-20T10:00:00.000Z';
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
    {
      Sid: 'Store',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey'],
      Resource: '*',
    },
  ],
});

const item = {
  resourceType: TYPE,
  resourceId: ARN,
  ARN,
  awsAccountId: ACCOUNT,
  awsRegion: REGION,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: CAPTURED,
  configuration: { EventDataStoreArn: ARN, Name: 'lake', KmsKeyId: KEY_ARN, OrganizationEnabled: false },
};

const event = (members: object = {}, around: object = {}, messageType = 'ConfigurationItemChangeNotification') => {
  const { configuration: _, ...summary } = { ...item, ...members };
  const about =
    messageType === 'ConfigurationItemChangeNotification'
      ? { configurationItem: { ...item, ...members } }
      : { configurationItemSummary: summary };
  return {
    resultToken: 'token',
    eventLeftScope: false,
    accountId: ACCOUNT,
    configRuleArn: `arn:aws:config:${REGION}:${ACCOUNT}:config-rule/config-rule-1`,
    configRuleName: 'rule',
    invokingEvent: JSON.stringify({ messageType, ...about }),
    ...around,
  };
};

async function run(input: unknown, memory: Memory = {}) {
  const ports = memoryPorts({ key: (reference) => keyFacts(reference, JSON.parse(POLICY)), ...memory });
  await runRule(input, () => ports, { sleep: async () => {} });
  return ports;
}

test('a good one is compliant: its key is read, and nothing of a trail', async () => {
  const ports = await run(event());
  expect(ports.sent).toMatchObject([
    {
      ComplianceResourceType: TYPE,
      ComplianceResourceId: ARN,
      ComplianceType: 'COMPLIANT',
      OrderingTimestamp: new Date(CAPTURED),
    },
  ]);
  expect(ports.calls).toEqual([`key ${KEY_ARN}`, 'putEvaluations']);
});

test.each<[string, object, Memory, string]>([
  ['without a key', { configuration: { EventDataStoreArn: ARN } }, {}, 'trail-encrypted: the event data store names'],
  [
    'whose key does not let CloudTrail in',
    {},
    { key: (reference) => keyFacts(reference, { Version: '2012-10-17', Statement: [] }) },
    'cloudtrail-can-encrypt: ',
  ],
  [
    'whose key is disabled',
    {},
    { key: (reference) => keyFacts(reference, JSON.parse(POLICY), { state: 'Disabled' }) },
    'key-usable: ',
  ],
])('one %s is not', async (_, members, memory, annotation) => {
  const { sent } = await run(event(members), memory);
  expect(sent).toMatchObject([{ ComplianceResourceType: TYPE, ComplianceType: 'NON_COMPLIANT' }]);
  expect(sent[0]?.Annotation).toContain(annotation);
});

test.each<[string, unknown, string]>([
  ['deleted', event({ configurationItemStatus: 'ResourceDeleted' }), 'the event data store was deleted'],
  ['out of scope', event({}, { eventLeftScope: true }), 'the event data store left the scope of the rule'],
  ['not recorded', event({ configurationItemStatus: 'ResourceNotRecorded' }), 'does not record event data stores here'],
  ['without a configuration', event({ configuration: null }), "the event data store's item carries no configuration"],
  [
    'oversized and deleted',
    event({ configurationItemStatus: 'ResourceDeleted' }, {}, 'OversizedConfigurationItemChangeNotification'),
    'the event data store was deleted',
  ],
])('%s: not applicable, of its own type, and nothing is read', async (_, input, annotation) => {
  const { sent, calls } = await run(input);
  expect(calls).toEqual(['putEvaluations']);
  expect(sent).toMatchObject([{ ComplianceResourceType: TYPE, ComplianceType: 'NOT_APPLICABLE' }]);
  expect(sent[0]?.Annotation).toContain(annotation);
});

describe('on a schedule and after a change of a key', () => {
  const TRAIL = trailNamed('main', { kmsKeyId: KEY_ARN });
  const store = (members: object = {}, arn = ARN) => ({
    ...describeConfiguredEventDataStore({ EventDataStoreArn: arn, KmsKeyId: KEY_ARN, ...members }, null),
  });
  const listing = (...stores: readonly TrailDescription[]): Memory => ({
    trails: [TRAIL],
    overrides: { listEventDataStores: async () => read(stores) },
  });
  const around = (invokingEvent: object) => event({}, { invokingEvent: JSON.stringify(invokingEvent) });
  const scheduled = around({ messageType: 'ScheduledNotification', notificationCreationTime: CAPTURED });
  const ofKey = (id = KEY_ARN.split('/')[1]) =>
    around({
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: { ...item, resourceType: 'AWS::KMS::Key', resourceId: id, ARN: null },
    });
  const told = (ports: Awaited<ReturnType<typeof run>>) =>
    ports.sent.map((one) => [one.ComplianceResourceType.split('::')[2], one.ComplianceResourceId, one.ComplianceType]);
  const GOOD = ['EventDataStore', ARN, 'COMPLIANT'];
  /** The policy lets CloudTrail in for event data stores, and so for any trail. */
  const OF_TRAIL = ['Trail', 'main', 'COMPLIANT'];
  const OTHER = `${ARN}2`;
  const GONE = ['EventDataStore', OTHER, 'NOT_APPLICABLE'];

  test.each<[string, unknown, Memory, readonly unknown[]]>([
    ['the schedule evaluates trails and event data stores', scheduled, listing(store()), [OF_TRAIL, GOOD]],
    ['the change of a key evaluates what uses it', ofKey(), listing(store()), [OF_TRAIL, GOOD]],
    ['the change of another key evaluates nothing', ofKey('other'), listing(store()), []],
    [
      'one with another key is left out',
      ofKey(),
      listing(store({ KmsKeyId: KEY_ARN.replace(/.$/, '0') }), store({}, OTHER)),
      [OF_TRAIL, ['EventDataStore', OTHER, 'COMPLIANT']],
    ],
    [
      'one that lives elsewhere is left out',
      scheduled,
      listing(store({}, ARN.replace(REGION, 'eu-central-1')), store({}, ARN.replace(ACCOUNT, '999999999999'))),
      [OF_TRAIL],
    ],
    ['one that is listed twice is told once', scheduled, listing(store(), store()), [OF_TRAIL, GOOD]],
    [
      'one without a key is not compliant',
      scheduled,
      listing(store({ KmsKeyId: null })),
      [OF_TRAIL, ['EventDataStore', ARN, 'NON_COMPLIANT']],
    ],
    [
      'one that could not be read is undecided',
      scheduled,
      listing({ ...store({ KmsKeyId: null }), eventDataStore: { unread: 'the function lacks a permission' } }),
      [OF_TRAIL, ['EventDataStore', ARN, 'NON_COMPLIANT']],
    ],
    ['where nobody says so none is listed', scheduled, { trails: [TRAIL] }, [OF_TRAIL]],
    [
      'one that was reported on and is gone is not applicable',
      scheduled,
      {
        ...listing(store()),
        reported: ['main', { resourceType: TYPE, resourceId: ARN }, { resourceType: TYPE, resourceId: OTHER }],
      },
      [OF_TRAIL, GOOD, GONE],
    ],
    [
      'a trail of the name of an event data store that was reported on is another resource',
      scheduled,
      { ...listing(store()), reported: [ARN] },
      [OF_TRAIL, GOOD, ['Trail', ARN, 'NOT_APPLICABLE']],
    ],
    [
      'where none is listed nobody knows what is gone',
      scheduled,
      { trails: [TRAIL], reported: [{ resourceType: TYPE, resourceId: OTHER }] },
      [OF_TRAIL],
    ],
  ])('%s', async (_, input, memory, expected) => {
    expect(told(await run(input, memory))).toEqual(expected);
  });

  test.each<[string, () => Promise<Reading<readonly TrailDescription[]>>]>([
    ['is denied', async () => unread('denied', 'the function lacks cloudtrail:ListEventDataStores')],
    ['fails', () => Promise.reject(new Error('the function lacks cloudtrail:ListEventDataStores'))],
  ])('where listing them %s the trails are told, and the invocation fails', async (_, listEventDataStores) => {
    for (const input of [scheduled, ofKey()]) {
      const memory = {
        trails: [TRAIL],
        reported: [{ resourceType: TYPE, resourceId: OTHER }],
        overrides: { listEventDataStores },
      };
      const ports = memoryPorts({ key: (reference) => keyFacts(reference, JSON.parse(POLICY)), ...memory });
      const failure = await runRule(input, () => ports, { sleep: async () => {} }).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        name: 'UnevaluatedTrailsError',
        message: expect.stringContaining(
          'the event data stores are not listed: the function lacks cloudtrail:ListEventDataStores',
        ),
      });
      expect(told(ports)).toEqual([OF_TRAIL]);
    }
  });

  test('nothing of a trail is read of it, and of a shared key once', async () => {
    const ports = await run(scheduled, listing(store()));
    expect(ports.calls).toEqual([
      'listTrails',
      ...['trailStatus main', 'bucket logs', `key ${KEY_ARN}`],
      ...['putEvaluations', 'reportedResources'],
    ]);
  });
});

test.each<[string, unknown, string]>([
  ['no ARN at all', {}, '`configurationItem.configuration.EventDataStoreArn` is missing'],
  [
    'the ARN of a trail',
    { EventDataStoreArn: ARN.replace('eventdatastore', 'trail') },
    'accepted is the ARN of an event',
  ],
  ['a key that is no text', { EventDataStoreArn: ARN, KmsKeyId: 1 }, 'configuration.KmsKeyId` is `1`'],
])('%s', (_, configuration, message) => {
  expect(() => describeConfiguredEventDataStore(configuration, null)).toThrow(InvalidInvocationError);
  expect(() => describeConfiguredEventDataStore(configuration, null)).toThrow(message);
});
