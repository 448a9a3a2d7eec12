import { InvalidInvocationError, InvalidParameterError, UndeliveredEvaluationsError } from '../../src/rule/errors.ts';
import { parseExceptions } from '../../src/rule/exceptions/exceptions.ts';
import { runRule } from '../../src/rule/runRule.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { type KeyFacts, type TrailStatus, unread } from '../../src/trail/facts.ts';
import { ACCOUNT, REGION, trailNamed } from './facts.ts';
import { defaultPolicy, KEY_ARN, keyFacts, type Memory, memoryPorts, NOW, pathPolicy } from './memoryPorts.ts';

const CAPTURED = '2026-11-20T10:00:00.000Z';
const CREATED = '2026-11-20T10:00:05.000Z';
const TYPE = 'AWS::CloudTrail::Trail';
const ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`;

const configuration = {
  trailARN: ARN,
  name: 'main',
  homeRegion: REGION,
  kmsKeyId: KEY_ARN,
  s3BucketName: 'logs',
  isMultiRegionTrail: true,
  isOrganizationTrail: false,
  logFileValidationEnabled: true,
  hasInsightSelectors: false,
};

const item = {
  resourceType: TYPE,
  resourceId: 'main',
  ARN,
  awsAccountId: ACCOUNT,
  awsRegion: REGION,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: CAPTURED,
  configuration,
};

const { configuration: _left, ...summary } = item;

function event(invokingEvent: object, members: object = {}): unknown {
  return {
    resultToken: 'token',
    eventLeftScope: false,
    accountId: ACCOUNT,
    configRuleArn: `arn:aws:config:${REGION}:${ACCOUNT}:config-rule/config-rule-1`,
    configRuleName: 'rule',
    invokingEvent: JSON.stringify(invokingEvent),
    ...members,
  };
}

const change = (members: object = {}, around: object = {}) =>
  event({ messageType: 'ConfigurationItemChangeNotification', configurationItem: { ...item, ...members } }, around);

const oversized = (members: object = {}) =>
  event({
    messageType: 'OversizedConfigurationItemChangeNotification',
    configurationItemSummary: { ...summary, ...members },
  });

const scheduled = (around: object = {}) =>
  event({ messageType: 'ScheduledNotification', awsAccountId: ACCOUNT, notificationCreationTime: CREATED }, around);

/** Runs the rule over memory; nobody waits. */
async function run(input: unknown, memory: Memory = {}, options = {}) {
  const ports = memoryPorts(memory);
  const result = await runRule(input, () => ports, { sleep: async () => {}, ...options });
  return { ports, result };
}

describe('a change', () => {
  test('a good trail is compliant, with the fewest calls', async () => {
    const { ports, result } = await run(change());
    expect(ports.sent).toEqual([
      {
        ComplianceResourceType: TYPE,
        ComplianceResourceId: 'main',
        ComplianceType: 'COMPLIANT',
        OrderingTimestamp: new Date(CAPTURED),
        ...(result.verdicts[0]?.annotation ? { Annotation: result.verdicts[0].annotation } : {}),
      },
    ]);
    expect(result.evaluations).toEqual(ports.sent);
    expect(result.verdicts[0]?.findings.map(({ check }) => check)).toEqual(CHECKS.map(({ id }) => id));
    expect([...ports.calls].sort()).toEqual(
      ['bucket logs', `key ${KEY_ARN}`, 'putEvaluations', 'trailStatus main'].sort(),
    );
  });

  test.each([
    ['no key', { configuration: { ...configuration, kmsKeyId: undefined } }, {}, 'trail-encrypted'],
    [
      'a policy that does not allow CloudTrail',
      {},
      { key: (reference: string) => keyFacts(reference, defaultPolicy) },
      'cloudtrail-can-encrypt',
    ],
    [
      'a disabled key',
      {},
      { key: (reference: string) => keyFacts(reference, undefined, { state: 'Disabled' }) },
      'key-usable',
    ],
  ])('%s is not', async (_, members, memory, check) => {
    const { ports } = await run(change(members), { ...memory, status: stopped });
    expect(ports.sent).toHaveLength(1);
    expect(ports.sent[0]).toMatchObject({ ComplianceResourceId: 'main', ComplianceType: 'NON_COMPLIANT' });
    expect(ports.sent[0]?.Annotation).toMatch(new RegExp(`^${check}: `));
  });

  test.each([
    ['deleted', change({ configurationItemStatus: 'ResourceDeleted', configuration: null }), 'the trail was deleted'],
    [
      'deleted, not recorded',
      change({ configurationItemStatus: 'ResourceDeletedNotRecorded' }),
      'the trail was deleted',
    ],
    ['not recorded', change({ configurationItemStatus: 'ResourceNotRecorded' }), 'AWS Config does not record'],
    ['left scope, as captured', change({ configuration: null }, { eventLeftScope: true }), 'the trail left the scope'],
    ['no configuration', change({ configuration: null }), "the trail's item carries no configuration"],
    ['a shadow Region', change({ configuration: { ...configuration, homeRegion: 'eu-west-1' } }), 'replica: '],
    ["a member's view of an organization trail", change({ awsAccountId: '999988887777' }), 'replica: '],
    [
      'oversized, of a deleted trail',
      oversized({ configurationItemStatus: 'ResourceDeleted' }),
      'the trail was deleted',
    ],
  ])('%s: not applicable, nothing is read, every check is in the report', async (_, input, annotation) => {
    const { ports, result } = await run(input);
    expect(ports.calls).toEqual(['putEvaluations']);
    expect(ports.sent).toEqual([
      {
        ComplianceResourceType: TYPE,
        ComplianceResourceId: 'main',
        ComplianceType: 'NOT_APPLICABLE',
        Annotation: expect.stringContaining(annotation),
        OrderingTimestamp: new Date(CAPTURED),
      },
    ]);
    expect(result.verdicts).toHaveLength(1);
    expect(result.verdicts[0]).toMatchObject({ trail: null, resourceId: 'main', trailArn: ARN });
    expect(result.verdicts[0]?.findings.map(({ check, status }) => [check, status])).toEqual(
      CHECKS.map(({ id }) => [id, 'not-applicable']),
    );
  });

  test('sent twice, it is answered twice alike', async () => {
    const first = await run(change());
    const second = await run(change());
    expect(second.ports.sent).toEqual(first.ports.sent);
  });

  test('an oversized item is read back from the history', async () => {
    const asked: unknown[] = [];
    const { ports } = await run(oversized(), {
      overrides: {
        configurationItem: async (wanted) => {
          asked.push(wanted);
          return { ...wanted, configuration: { ...configuration, kmsKeyId: '' } };
        },
      },
    });
    expect(asked).toEqual([expect.objectContaining({ resourceId: 'main', captureTime: new Date(CAPTURED) })]);
    expect(ports.sent[0]).toMatchObject({ ComplianceType: 'NON_COMPLIANT', OrderingTimestamp: new Date(CAPTURED) });
    expect(ports.sent[0]?.Annotation).toMatch(/^trail-encrypted: /);
  });

  test('an oversized item that the history does not hold is an error, and nothing is reported', async () => {
    const ports = memoryPorts({});
    await expect(runRule(oversized(), () => ports)).rejects.toThrow('the history is empty');
    expect(ports.sent).toEqual([]);
  });

  test('an exception is applied', async () => {
    const document = {
      version: 1,
      exceptions: [{ trailArn: ARN, owner: 'ops@example.com', reason: 'soon', expires: '2026-12-31' }],
    };
    const exceptions = parseExceptions(JSON.stringify(document), NOW);
    const { ports } = await run(change({ configuration: { ...configuration, kmsKeyId: null } }), {}, { exceptions });
    expect(ports.sent[0]).toMatchObject({
      ComplianceType: 'NOT_APPLICABLE',
      Annotation: expect.stringMatching(/^EXCEPTED until 2026-12-31 by ops@example\.com: soon/),
    });
  });
});

const stopped = () => ({
  isLogging: false,
  latestDeliveryTime: null,
  latestDeliveryError: null,
  latestDigestDeliveryError: null,
});

describe('a schedule', () => {
  test('without trails there is nothing to report', async () => {
    const { ports, result } = await run(scheduled());
    expect(ports.calls).toEqual(['listTrails', 'reportedResources']);
    expect(result).toMatchObject({ evaluations: [], verdicts: [] });
  });

  test('every trail that lives here is reported once, in order, replicas are left out', async () => {
    const trails = [
      trailNamed('good', { kmsKeyId: KEY_ARN }),
      trailNamed('bare'),
      trailNamed('good', { kmsKeyId: KEY_ARN }),
      trailNamed('shadow', { homeRegion: 'eu-west-1' }),
      trailNamed('organization', { accountId: '999988887777', isOrganization: true }),
    ];
    const { ports } = await run(scheduled(), { trails });
    expect(ports.sent.map((sent) => [sent.ComplianceResourceId, sent.ComplianceType, sent.OrderingTimestamp])).toEqual([
      ['good', 'COMPLIANT', new Date(CREATED)],
      ['bare', 'NON_COMPLIANT', new Date(CREATED)],
    ]);
  });

  test('what was reported before and is gone becomes not applicable, once', async () => {
    const trails = [trailNamed('here')];
    const { ports, result } = await run(scheduled(), { trails, reported: ['here', 'gone', 'gone', 'other'] });
    expect(ports.sent.slice(1)).toEqual(
      ['gone', 'other'].map((name) => ({
        ComplianceResourceType: TYPE,
        ComplianceResourceId: name,
        ComplianceType: 'NOT_APPLICABLE',
        Annotation: 'no trail of this name lives in this account and Region any more',
        OrderingTimestamp: new Date(CREATED),
      })),
    );
    expect(result.verdicts[1]).toMatchObject({
      trail: null,
      trailArn: null,
      resourceId: 'gone',
      accountId: ACCOUNT,
      region: REGION,
    });
    expect(result.verdicts).toHaveLength(result.evaluations.length);
  });

  test('without a creation time the clock orders the results', async () => {
    const { ports } = await run(event({ messageType: 'ScheduledNotification' }), { trails: [trailNamed('here')] });
    expect(ports.sent[0]?.OrderingTimestamp).toEqual(NOW);
  });

  test('each distinct key and bucket is read once, however it is named, and only so many trails at once', async () => {
    const names = [
      KEY_ARN,
      '1234abcd-12ab-34cd-56ef-1234567890ab',
      'alias/a',
      `arn:aws:kms:${REGION}:${ACCOUNT}:alias/a`,
    ];
    const trails = Array.from({ length: 200 }, (_, index) =>
      trailNamed(`trail-${index}`, {
        kmsKeyId: names[index % 4] ?? null,
        bucketName: `logs-${index % 2}`,
        isOrganization: true,
      }),
    );
    const key = (reference: string) => keyFacts(reference, pathPolicy);
    const { ports, result } = await run(scheduled(), { trails, key });
    const count = (start: string) => ports.calls.filter((call) => call.startsWith(start)).length;
    expect(count('key ')).toBe(2);
    expect(count('bucket ')).toBe(2);
    expect(count('organizationId ')).toBe(1);
    expect(count('trailStatus ')).toBe(200);
    expect(count('putEvaluations')).toBe(2);
    expect(ports.peak()).toBeLessThanOrEqual(8 * 4);
    expect(result.verdicts.map(({ key }) => key?.reference)).toEqual(trails.map(({ kmsKeyId }) => kmsKeyId));
  });

  test('a bare key id of another account is another key', async () => {
    const trails = [
      trailNamed('a', { kmsKeyId: 'alias/a' }),
      trailNamed('b', { kmsKeyId: `arn:aws:kms:${REGION}:444455556666:alias/a` }),
    ];
    const { ports } = await run(scheduled(), { trails });
    expect(ports.calls.filter((call) => call.startsWith('key '))).toHaveLength(2);
  });

  test('a trail whose bucket is not known asks for none', async () => {
    const { ports } = await run(scheduled(), { trails: [trailNamed('a', { bucketName: null })] });
    expect(ports.calls.filter((call) => call.startsWith('bucket'))).toEqual([]);
    expect(ports.sent).toHaveLength(1);
  });

  test.each(['listTrails', 'trailStatus', 'bucket', 'key', 'organizationId'] as const)(
    'trouble in %s is thrown and nothing is reported',
    async (port) => {
      const trouble = async () => {
        throw new Error('throttled');
      };
      const ports = memoryPorts({
        trails: [trailNamed('a', { kmsKeyId: KEY_ARN, isOrganization: true })],
        key: (reference) => keyFacts(reference, pathPolicy),
        overrides: { [port]: trouble },
      });
      await expect(runRule(scheduled(), () => ports)).rejects.toThrow('throttled');
      expect(ports.sent).toEqual([]);
    },
  );

  test('what was reported before cannot be listed: the known verdicts are sent, once, and the trouble is thrown', async () => {
    const ports = memoryPorts({
      trails: [trailNamed('good', { kmsKeyId: KEY_ARN }), trailNamed('bare')],
      overrides: {
        reportedResources: async () => {
          throw new Error('throttled');
        },
      },
    });
    await expect(runRule(scheduled(), () => ports)).rejects.toThrow('throttled');
    expect(ports.sent.map((sent) => [sent.ComplianceResourceId, sent.ComplianceType])).toEqual([
      ['good', 'COMPLIANT'],
      ['bare', 'NON_COMPLIANT'],
    ]);
    expect(ports.calls.filter((call) => call === 'putEvaluations')).toHaveLength(1);
  });

  test('what was reported before cannot be listed and there is no trail: nothing is sent, and the trouble is thrown', async () => {
    const reportedResources = async () => Promise.reject(new Error('throttled'));
    const ports = memoryPorts({ overrides: { reportedResources } });
    await expect(runRule(scheduled(), () => ports)).rejects.toThrow('throttled');
    expect(ports.calls).toEqual(['listTrails']);
  });

  test('evaluations that Config goes on refusing are thrown', async () => {
    const ports = memoryPorts({ trails: [trailNamed('a')], overrides: { putEvaluations: async (refused) => refused } });
    await expect(runRule(scheduled(), () => ports, { sleep: async () => {} })).rejects.toThrow(
      UndeliveredEvaluationsError,
    );
  });
});

describe('bad input', () => {
  test.each([
    ['an event of another kind', event({ messageType: 'Other' }), InvalidInvocationError, 'invokingEvent.messageType'],
    ['parameters that are no JSON', change({}, { ruleParameters: '{' }), InvalidInvocationError, 'ruleParameters'],
    ['an unknown parameter', change({}, { ruleParameters: '{"x":"1"}' }), InvalidParameterError, 'x'],
    [
      'a bad value',
      change({}, { ruleParameters: '{"minimumSeverity":"x"}' }),
      InvalidParameterError,
      'minimumSeverity',
    ],
    [
      'a trail whose ARN cannot be known',
      change({ ARN: null, configuration: { name: 'main' } }),
      InvalidInvocationError,
      'configurationItem.configuration.trailARN',
    ],
  ])('%s: one line that names the member, nothing reported', async (_, input, type, member) => {
    const ports = memoryPorts({});
    const running = runRule(input, () => ports);
    await expect(running).rejects.toThrow(type);
    await expect(running).rejects.toMatchObject({ member, message: expect.not.stringContaining('\n') });
    expect(ports.calls).toEqual([]);
  });
});

test('the ports are bound to what the event says', async () => {
  const bound: unknown[] = [];
  const ports = memoryPorts({});
  await runRule(scheduled({ ruleParameters: '{"requireKeyRotation":"true"}' }), (invocation, parameters) => {
    bound.push([invocation.accountId, invocation.region, invocation.resultToken, parameters.requireKeyRotation]);
    return ports;
  });
  expect(bound).toEqual([[ACCOUNT, REGION, 'token', true]]);
});

describe('the exceptions that `exceptionsParameter` leads to', () => {
  const excepting = (expires: string) =>
    JSON.stringify({
      version: 1,
      exceptions: [{ trailArn: ARN, checks: ['trail-encrypted'], owner: 'security', reason: 'later', expires }],
    });
  const unencrypted = change(
    { configuration: { ...configuration, kmsKeyId: undefined } },
    { ruleParameters: '{"exceptionsParameter":"/rule/exceptions"}' },
  );
  const inSsm = (text: string): Memory => ({
    overrides: { exceptionDocuments: async (name) => [{ name, text }] },
  });

  test('decide like those of a file, and are handed back', async () => {
    const { ports, result } = await run(unencrypted, inSsm(excepting('2027-01-31')));
    expect(ports.sent[0]).toMatchObject({ ComplianceType: 'NOT_APPLICABLE' });
    expect(result.exceptions.map(({ exception }) => exception.expires)).toEqual(['2027-01-31']);
  });

  test('and those handed in are in effect together', async () => {
    const given = parseExceptions(excepting('2027-02-28'), NOW);
    const { result } = await run(unencrypted, inSsm(excepting('2027-01-31')), { exceptions: given });
    expect(result.exceptions.map(({ exception }) => exception.expires)).toEqual(['2027-02-28', '2027-01-31']);
  });

  test('that are over are reported as such', async () => {
    const { ports } = await run(unencrypted, inSsm(excepting('2026-10-31')));
    expect(ports.sent[0]).toMatchObject({ ComplianceType: 'NON_COMPLIANT' });
    expect(ports.sent[0]?.Annotation).toContain('exception of security expired on 2026-10-31');
  });

  test('that do not parse are an error that names the document: nothing is read or reported', async () => {
    const ports = memoryPorts(inSsm('{'));
    await expect(runRule(unencrypted, () => ports)).rejects.toThrow(
      '`/rule/exceptions` is not accepted: `exceptions document` is not JSON',
    );
    expect(ports.calls).toEqual([]);
  });

  test('are missed where there is no SSM, unless a file stands in', async () => {
    await expect(run(unencrypted)).rejects.toThrow('`exceptionsParameter` is `/rule/exceptions`, which cannot be read');
    const { ports } = await run(unencrypted, {}, { exceptions: parseExceptions(excepting('2027-01-31'), NOW) });
    expect(ports.sent[0]).toMatchObject({ ComplianceType: 'NOT_APPLICABLE' });
  });
});

describe('what a delivery settles', () => {
  const unreadable = (reference: string): KeyFacts => ({
    ...keyFacts(reference),
    policy: unread('denied', 'kms:GetKeyPolicy is denied'),
  });
  const status = (): TrailStatus => ({
    isLogging: true,
    latestDeliveryTime: new Date('2026-11-20T11:50:00Z'),
    latestDeliveryError: null,
    latestDigestDeliveryTime: new Date('2026-11-20T11:45:00Z'),
    latestDigestDeliveryError: null,
  });
  const keyChange = (configurationItemCaptureTime: string) => {
    const key = { ...item, resourceType: 'AWS::KMS::Key', resourceId: KEY_ARN.split('/')[1], ARN: KEY_ARN };
    const configurationItem = { ...key, configuration: null, configurationItemCaptureTime };
    return event({ messageType: 'ConfigurationItemChangeNotification', configurationItem });
  };
  const AFTER = '2026-11-20T11:55:00.000Z';
  test.each<[string, unknown, string, string]>([
    ['the item is older', change(), 'pass', `after the last change of the trail at ${CAPTURED}`],
    ['the item is newer', change({ configurationItemCaptureTime: AFTER }), 'unknown', 'kms:GetKeyPolicy is denied'],
    ['the key changed before', keyChange(CAPTURED), 'pass', `after the last change of the key at ${CAPTURED}`],
    ['the key changed since', keyChange(AFTER), 'unknown', 'kms:GetKeyPolicy is denied'],
    ['nothing tells when', scheduled(), 'pass', 'when the trail or the key last changed is not known'],
  ])('%s', async (_, input, expected, says) => {
    const trails = [trailNamed('main', { kmsKeyId: KEY_ARN })];
    const { result } = await run(input, { trails, key: unreadable, status });
    const finding = result.verdicts[0]?.findings.find(({ check }) => check === 'cloudtrail-can-encrypt');
    expect(finding).toMatchObject({ status: expected, message: expect.stringContaining(says) });
  });
});

test('which events a trail delivers is asked where a policy looks at the path, and nowhere else', async () => {
  const asked = async (policy: object | undefined) =>
    (await run(change(), { key: (reference) => keyFacts(reference, policy) })).ports.calls.filter((call) =>
      call.startsWith('trailEvents'),
    );
  expect(await asked(undefined)).toEqual([]);
  expect(await asked(pathPolicy)).toEqual(['trailEvents main']);
});
