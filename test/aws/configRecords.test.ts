import { inspect } from 'node:util';
import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
} from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { InfrastructureError } from '../../src/aws/errors.ts';
import type { Evaluation } from '../../src/rule/evaluate/evaluation.ts';
import type { ConfigurationItemSummary } from '../../src/rule/event/invocation.ts';
import { ACCOUNT, denied, ports, refused, trail } from './support/answers.ts';

const config = mockClient(ConfigServiceClient);
beforeEach(() => config.reset());

const captureTime = new Date('2026-11-20T10:00:00.123Z');
const summary: ConfigurationItemSummary = {
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: 'main',
  arn: trail.arn,
  accountId: ACCOUNT,
  region: 'us-east-1',
  status: 'OK',
  captureTime,
  stateId: '7',
};

describe('configurationItem', () => {
  const item = {
    resourceType: 'AWS::CloudTrail::Trail' as const,
    resourceId: 'main',
    configuration: '{"name":"main"}',
  };

  it('follows empty pages, newest first up to the capture time', async () => {
    config
      .on(GetResourceConfigHistoryCommand)
      .resolvesOnce({ configurationItems: [], nextToken: 'a' })
      .resolvesOnce({ configurationItems: [], nextToken: 'b' })
      .resolvesOnce({ configurationItems: [item] });
    expect(await ports().configurationItem(summary)).toMatchObject({ ...summary, configuration: { name: 'main' } });
    const asked = { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main', laterTime: captureTime, limit: 1 };
    expect(config.calls().map(({ args }) => args[0].input)).toEqual([
      asked,
      { ...asked, nextToken: 'a' },
      { ...asked, nextToken: 'b' },
    ]);
  });

  it('prefers what the history says of the item', async () => {
    const earlier = new Date('2026-11-20T09:59:59Z');
    config.on(GetResourceConfigHistoryCommand).resolves({
      configurationItems: [
        {
          ...item,
          accountId: ACCOUNT,
          arn: trail.arn,
          configurationItemStatus: 'ResourceDiscovered',
          configurationItemCaptureTime: earlier,
          configurationStateId: '7',
        },
      ],
    });
    expect(await ports().configurationItem(summary)).toMatchObject({
      status: 'ResourceDiscovered',
      captureTime: earlier,
      stateId: '7',
    });
  });

  const before = new Date(captureTime.getTime() - 1);
  it.each([
    ['the state that was notified, recorded at another time', '7', before, '7'],
    ['a later state', '8', captureTime, '7'],
    ['an earlier number at the time that was notified', '6', captureTime, '7'],
    ['an earlier time without a number', undefined, before, '7'],
    ['an earlier time with no number', 'x', before, '7'],
    ['an earlier time, where the notification has no number', '6', before, null],
    ['no time', '6', undefined, '7'],
  ])('takes %s', async (_, configurationStateId, configurationItemCaptureTime, stateId) => {
    const held = { ...item, configurationStateId, configurationItemCaptureTime } as typeof item;
    config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [held] });
    expect(await ports().configurationItem({ ...summary, stateId })).toMatchObject({ configuration: { name: 'main' } });
  });

  it.each([
    ['6', '7'],
    ['9', '10'],
    ['1732096800000000000001', '1732096800000000000002'],
  ])(
    'an earlier state (%s, notified is %s) is an error: it would be evaluated in place of the changed trail',
    async (held, stateId) => {
      config.on(GetResourceConfigHistoryCommand).resolves({
        configurationItems: [{ ...item, configurationStateId: held, configurationItemCaptureTime: before }],
      });
      await expect(ports().configurationItem({ ...summary, stateId })).rejects.toThrow(
        `AWS Config's history does not hold the state ${stateId} yet, the latest is ${held}`,
      );
    },
  );

  it.each([
    ['none', undefined],
    ['empty text', ''],
    ['null', 'null'],
  ])('a configuration that is %s is null', async (_, configuration) => {
    config
      .on(GetResourceConfigHistoryCommand)
      .resolves({ configurationItems: [{ ...item, configuration } as typeof item] });
    expect((await ports().configurationItem(summary)).configuration).toBeNull();
  });

  it.each([
    ['an empty history', { configurationItems: [] }, 'holds no item of the AWS::CloudTrail::Trail up to 2026-11-20'],
    ['a page that repeats', { configurationItems: [], nextToken: 'a' }, 'the service repeats a page'],
    ['text that is not JSON', { configurationItems: [{ ...item, configuration: '{' }] }, 'is not JSON'],
    ['a list', { configurationItems: [{ ...item, configuration: '[]' }] }, 'is not a JSON object'],
  ])('%s is an error', async (_, answer, message) => {
    config.on(GetResourceConfigHistoryCommand).resolves(answer);
    await expect(ports().configurationItem(summary)).rejects.toThrow(message);
  });

  it('pages that come round again are an error', async () => {
    let page = 0;
    config.on(GetResourceConfigHistoryCommand).callsFake(() => {
      page += 1;
      if (page > 10) throw new Error('asked without end');
      return { configurationItems: [], nextToken: ['a', 'b'][page % 2] };
    });
    await expect(ports().configurationItem(summary)).rejects.toThrow('the service repeats a page');
  });

  it('denied is an error that names the permission', async () => {
    config.on(GetResourceConfigHistoryCommand).rejects(denied('config:GetResourceConfigHistory'));
    await expect(ports().configurationItem(summary)).rejects.toThrow(/lacks config:GetResourceConfigHistory on main/);
  });
});

describe('reportedResources', () => {
  const result = (
    ResourceId: string,
    ComplianceType: 'COMPLIANT' | 'NOT_APPLICABLE',
    ResourceType = summary.resourceType,
  ) => ({
    ComplianceType,
    EvaluationResultIdentifier: { EvaluationResultQualifier: { ResourceType, ResourceId } },
  });

  it('reads every page, of what is evaluated, and not what is reported as gone already', async () => {
    config
      .on(GetComplianceDetailsByConfigRuleCommand)
      .resolvesOnce({ EvaluationResults: [result('a', 'COMPLIANT'), result('b', 'NOT_APPLICABLE')], NextToken: 'n' })
      .resolvesOnce({
        EvaluationResults: [
          result('c', 'COMPLIANT'),
          result('k', 'COMPLIANT', 'AWS::KMS::Key'),
          result('e', 'COMPLIANT', 'AWS::CloudTrail::EventDataStore'),
        ],
      });
    const store = { resourceType: 'AWS::CloudTrail::EventDataStore', resourceId: 'e' };
    expect(await ports().reportedResources()).toEqual([
      { resourceType: summary.resourceType, resourceId: 'a' },
      { resourceType: summary.resourceType, resourceId: 'c' },
      store,
    ]);
    expect(config.calls().map(({ args }) => args[0].input)).toEqual([
      { ConfigRuleName: 'cloudtrail-kms-rule', Limit: 100 },
      { ConfigRuleName: 'cloudtrail-kms-rule', Limit: 100, NextToken: 'n' },
    ]);
  });

  it('is empty where the event names no rule', async () => {
    expect(await ports({ configRuleName: null }).reportedResources()).toEqual([]);
    expect(config.calls()).toHaveLength(0);
  });

  it('of a rule that does not exist is an error, but in test mode empty', async () => {
    config.on(GetComplianceDetailsByConfigRuleCommand).rejects(refused('NoSuchConfigRuleException', 'no such rule'));
    await expect(ports().reportedResources()).rejects.toThrow('NoSuchConfigRuleException: no such rule');
    expect(await ports({ resultToken: 'TESTMODE' }).reportedResources()).toEqual([]);
  });

  it.each([
    ['AccessDeniedException', 400],
    ['ThrottlingException', 400],
    ['InternalFailure', 500],
  ])('in test mode %s is an error as in any other', async (code, status) => {
    config.on(GetComplianceDetailsByConfigRuleCommand).rejects(refused(code, 'not now', status));
    await expect(ports({ resultToken: 'TESTMODE' }).reportedResources()).rejects.toThrow(InfrastructureError);
  });
});

describe('putEvaluations', () => {
  const evaluation = (ComplianceResourceId: string): Evaluation => ({
    ComplianceResourceType: 'AWS::CloudTrail::Trail',
    ComplianceResourceId,
    ComplianceType: 'COMPLIANT',
    OrderingTimestamp: captureTime,
  });
  const both = [evaluation('a'), evaluation('b')];

  it.each([
    ['with the token of the event', 'token', { Evaluations: both, ResultToken: 'token' }],
    ['in test mode for the test token', 'TESTMODE', { Evaluations: both, ResultToken: 'TESTMODE', TestMode: true }],
  ])('sends %s', async (_, resultToken, input) => {
    config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
    expect(await ports({ resultToken }).putEvaluations(both)).toEqual([]);
    expect(config.commandCalls(PutEvaluationsCommand)[0]?.args[0].input).toEqual(input);
  });

  it.each([
    ['one of them', [both[1]], [both[1]]],
    ['none that was sent', [evaluation('z')], both],
  ])('hands back what Config did not take: %s', async (_, FailedEvaluations, back) => {
    config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: FailedEvaluations as Evaluation[] });
    expect(await ports().putEvaluations(both)).toEqual(back);
  });

  it('throws on a token that Config does not take', async () => {
    config.on(PutEvaluationsCommand).rejects(refused('InvalidResultTokenException', 'bad token'));
    await expect(ports().putEvaluations(both)).rejects.toThrow(
      'Config PutEvaluations for `cloudtrail-kms-rule` in us-east-1 failed: InvalidResultTokenException: bad token',
    );
  });

  const token = `eyJ${'abcDEF012+/'.repeat(200)}==`;
  it.each([
    ['as a whole', `1 validation error: Value '${token}' at 'resultToken' is bad`, "Value '<result token>' at"],
    ['in part', `Value '${token.slice(0, 100)}...' is bad`, "Value '<result token>' is bad"],
    ['twice', `${token} is not ${token}`, '<result token> is not <result token>'],
  ])('never says the result token that AWS quotes %s', async (_, message, said) => {
    config
      .on(PutEvaluationsCommand)
      .rejects(Object.assign(refused('InvalidResultTokenException', message), { Message: message }));
    const error = await ports({ resultToken: token })
      .putEvaluations(both)
      .then(
        () => null,
        (thrown) => thrown,
      );
    expect(error).toMatchObject({
      message: expect.stringContaining(said),
      cause: { name: 'InvalidResultTokenException' },
    });
    expect(inspect(error, { depth: 9, showHidden: true, maxStringLength: null })).not.toContain(token.slice(0, 16));
  });

  it.each([
    ['the token of the kits', 'TESTMODE', 'TESTMODE is for test mode'],
    ['another text', 'tokenABCDEFGH', 'tokenABC is another'],
    ['a text with the characters of an expression', 'a.c(e[g|i+k*m?o)', 'abc(e'],
  ])('leaves %s in an error', async (_, resultToken, message) => {
    config.on(PutEvaluationsCommand).rejects(refused('InvalidResultTokenException', message));
    await expect(ports({ resultToken }).putEvaluations(both)).rejects.toThrow(message);
  });

  it('hands on what is thrown in place of an error', async () => {
    config.on(PutEvaluationsCommand).callsFake(() => Promise.reject('nothing'));
    await expect(ports({ resultToken: token }).putEvaluations(both)).rejects.toThrow('failed: nothing');
  });
});

describe('each has its own time', () => {
  const over = AbortSignal.abort();
  const open = new AbortController().signal;
  beforeEach(() => {
    config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [{ resourceId: 'main' }] });
    config.on(GetComplianceDetailsByConfigRuleCommand).resolves({ EvaluationResults: [] });
    config.on(PutEvaluationsCommand).resolves({});
  });

  it.each([
    [
      'evaluating',
      { signal: over, listingSignal: open, reportingSignal: open },
      ['rejected', 'fulfilled', 'fulfilled'],
    ],
    [
      'listing earlier results',
      { signal: open, listingSignal: over, reportingSignal: open },
      ['fulfilled', 'rejected', 'fulfilled'],
    ],
    ['reporting', { signal: open, listingSignal: open, reportingSignal: over }, ['fulfilled', 'fulfilled', 'rejected']],
    ['everything, where no other is given', { signal: over }, ['rejected', 'rejected', 'rejected']],
  ])('the time for %s is over', async (_, binding, expected) => {
    const live = ports(binding);
    const outcomes = await Promise.allSettled([
      live.configurationItem(summary),
      live.reportedResources(),
      live.putEvaluations([]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(expected);
    expect(live.deadline?.aborted).toBe(binding.signal.aborted);
  });
});
