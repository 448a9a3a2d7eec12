import { type ChangedKey, isKey, keyUse } from '../../../src/rule/event/keyChange.ts';
import { runRule } from '../../../src/rule/runRule.ts';
import { read, unread } from '../../../src/trail/facts.ts';
import { ACCOUNT, REGION, trailNamed } from '../facts.ts';
import { KEY_ARN, keyFacts, type Memory, memoryPorts, NOW } from '../memoryPorts.ts';

const KEY_ID = KEY_ARN.split('/')[1] ?? '';
const KEY: ChangedKey = { accountId: ACCOUNT, region: REGION, keyId: KEY_ID };
const OTHER = KEY_ARN.replace('1234abcd', '9999abcd');
const CAPTURED = '2026-11-20T10:00:00.000Z';

describe('keyUse', () => {
  test.each([
    ['no key', null, 'no'],
    ['its ARN', KEY_ARN, 'yes'],
    ['its id', KEY_ID, 'yes'],
    ['its id after `key/`', `key/${KEY_ID}`, 'yes'],
    ['another key', OTHER, 'no'],
    ['the id of another key', '9999abcd-12ab-34cd-56ef-1234567890ab', 'no'],
    ['the same id in another Region', KEY_ARN.replace(REGION, 'eu-west-1'), 'no'],
    ['the same id in another account', KEY_ARN.replace(ACCOUNT, '999999999999'), 'no'],
    ['an alias', 'alias/trail', 'perhaps'],
    ['the ARN of an alias', `arn:aws:kms:${REGION}:${ACCOUNT}:alias/trail`, 'perhaps'],
    ['the ARN of an alias elsewhere', `arn:aws:kms:eu-west-1:${ACCOUNT}:alias/trail`, 'no'],
    ['the ARN of something else', `arn:aws:s3:::${KEY_ID}`, 'no'],
  ])('a trail that names %s', (_, kmsKeyId, use) => {
    expect(keyUse(trailNamed('main', { kmsKeyId }), KEY)).toBe(use);
  });

  test.each([
    ['its account', { accountId: '999999999999' }],
    ['its home Region', { homeRegion: 'eu-west-1' }],
  ])('a bare id and an alias belong to the trail: to %s', (_, members) => {
    for (const kmsKeyId of [KEY_ID, 'alias/trail']) {
      expect(keyUse(trailNamed('main', { kmsKeyId, ...members }), KEY)).toBe('no');
    }
  });

  test.each([
    ['its ARN', KEY_ARN, true],
    ['its ARN in any partition, which is the account’s', KEY_ARN.replace('arn:aws:', 'arn:aws-cn:'), true],
    ['that of another key', OTHER, false],
    ['that of the same id in another Region', KEY_ARN.replace(REGION, 'eu-west-1'), false],
    ['that of the same id in another account', KEY_ARN.replace(ACCOUNT, '999999999999'), false],
    ['that of another service', KEY_ARN.replace(':kms:', ':s3:'), false],
    ['that of an alias', KEY_ARN.replace(':key/', ':alias/'), false],
    ['no ARN', 'alias/trail', false],
  ])('isKey: %s', (_, arn, is) => {
    expect(isKey(arn, KEY)).toBe(is);
  });
});

function changed(members: object = {}, messageType = 'ConfigurationItemChangeNotification'): unknown {
  const member = messageType.startsWith('Oversized') ? 'configurationItemSummary' : 'configurationItem';
  return {
    resultToken: 'token',
    eventLeftScope: false,
    accountId: ACCOUNT,
    configRuleArn: `arn:aws:config:${REGION}:${ACCOUNT}:config-rule/config-rule-1`,
    configRuleName: 'rule',
    invokingEvent: JSON.stringify({
      messageType,
      [member]: {
        resourceType: 'AWS::KMS::Key',
        resourceId: KEY_ID,
        ARN: KEY_ARN,
        awsAccountId: ACCOUNT,
        awsRegion: REGION,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: CAPTURED,
        configuration: { keyId: KEY_ID },
        ...members,
      },
    }),
  };
}

async function run(event: unknown, memory: Memory) {
  const ports = memoryPorts(memory);
  await runRule(event, () => ports, { sleep: async () => {} });
  const sent = ports.sent.map(({ ComplianceResourceId, ComplianceType }) => [ComplianceResourceId, ComplianceType]);
  return { ports, sent };
}

const disabled = (reference: string) => keyFacts(reference, undefined, { state: 'Disabled' });

describe('a change of a key', () => {
  const trails = [
    trailNamed('by-arn', { kmsKeyId: KEY_ARN }),
    trailNamed('by-id', { kmsKeyId: KEY_ID }),
    trailNamed('other-key', { kmsKeyId: OTHER }),
    trailNamed('no-key'),
    trailNamed('shadow', { kmsKeyId: KEY_ARN, homeRegion: 'eu-west-1' }),
    trailNamed('of-the-organization', { kmsKeyId: KEY_ARN, accountId: '999999999999', isOrganization: true }),
  ];

  test.each([
    ['a change', {}, undefined],
    ['oversized', {}, 'OversizedConfigurationItemChangeNotification'],
    ['the key was deleted', { configurationItemStatus: 'ResourceDeleted', configuration: null }, undefined],
  ])('evaluates the trails that live here and use it, and reports on nothing else: %s', async (_, members, type) => {
    const { ports, sent } = await run(changed(members, type), { trails: [...trails, ...trails], key: disabled });
    expect(sent).toEqual([
      ['by-arn', 'NON_COMPLIANT'],
      ['by-id', 'NON_COMPLIANT'],
    ]);
    for (const evaluation of ports.sent) {
      expect(evaluation.ComplianceResourceType).toBe('AWS::CloudTrail::Trail');
      expect(evaluation.OrderingTimestamp).toEqual(new Date(CAPTURED));
      expect(evaluation.Annotation).toMatch(/^key-usable: /);
    }
    expect(ports.calls.filter((call) => call.startsWith('key '))).toEqual([`key ${KEY_ARN}`]);
  });

  test('of a key that no trail uses costs one list: no call to KMS, and nothing is sent', async () => {
    const { ports, sent } = await run(changed(), { trails: trails.slice(2) });
    expect(ports.calls).toEqual(['listTrails']);
    expect(sent).toEqual([]);
  });

  test.each([
    ['stands for the key', read(true), KEY_ARN, [['by-alias', 'COMPLIANT']]],
    ['stands for another key', read(true), OTHER, []],
    ['stands for nothing any more', read(false), null, [['by-alias', 'NON_COMPLIANT']]],
    ['cannot be resolved', unread('denied', 'denied'), null, [['by-alias', 'NON_COMPLIANT']]],
  ])('a trail that names an alias, which %s', async (_, exists, arn, expected) => {
    const trail = trailNamed('by-alias', { kmsKeyId: 'alias/trail' });
    const key = (reference: string) => {
      const facts = { ...keyFacts(reference), exists, arn };
      return arn === null
        ? { ...facts, metadata: unread('denied', 'denied'), policy: unread('denied', 'denied') }
        : facts;
    };
    const status = () => ({
      isLogging: false,
      latestDeliveryTime: NOW,
      latestDeliveryError: null,
      latestDigestDeliveryError: null,
    });
    const { sent } = await run(changed(), { trails: [trail], key, status });
    expect(sent).toEqual(expected);
  });
});
