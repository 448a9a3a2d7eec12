import { InvalidInvocationError } from '../../src/rule/errors.ts';
import { describeConfiguredEventDataStore } from '../../src/rule/event/describeTrail.ts';
import { runRule } from '../../src/rule/runRule.ts';
import { ACCOUNT, REGION } from './facts.ts';
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
