import '../support/watchableLog.ts';

import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../src/handlers/rule/configRule.ts';

const config = mockClient(ConfigServiceClient);
const context = {
  functionName: 'rule',
  awsRequestId: 'request-1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:rule',
  getRemainingTimeInMillis: () => 30_000,
} as Context;

const item = {
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: 'main',
  ARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
  awsAccountId: '111122223333',
  awsRegion: 'us-east-1',
  configurationItemStatus: 'ResourceDeleted',
  configurationItemCaptureTime: '2026-11-20T10:00:00.000Z',
  configuration: null,
};
const event = (members: object = {}) => ({
  version: '1.0',
  invokingEvent: JSON.stringify({
    messageType: 'ConfigurationItemChangeNotification',
    configurationItem: item,
    configurationItemDiff: null,
  }),
  ruleParameters: '{}',
  resultToken: 'token',
  eventLeftScope: false,
  configRuleArn: 'arn:aws:config:us-east-1:111122223333:config-rule/config-rule-x',
  configRuleName: 'cloudtrail-kms-rule',
  configRuleId: 'config-rule-x',
  accountId: '111122223333',
  ...members,
});

/** The handler keeps documents for a minute: each test has an hour of its own. */
let hours = 0;
let info: jest.SpyInstance;
let log: jest.SpyInstance;
let error: jest.SpyInstance;
beforeEach(() => {
  config.reset();
  config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
  info = jest.spyOn(console, 'info').mockImplementation();
  log = jest.spyOn(console, 'log').mockImplementation();
  error = jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const lines = (spy: jest.SpyInstance) => spy.mock.calls.map(([line]) => JSON.parse(String(line)));

it('reports, and logs one line for each evaluation', async () => {
  await handler(event(), context);
  expect(config.commandCalls(PutEvaluationsCommand)[0]?.args[0].input).toMatchObject({
    ResultToken: 'token',
    Evaluations: [{ ComplianceResourceId: 'main', ComplianceType: 'NOT_APPLICABLE' }],
  });
  expect(lines(info)).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'evaluated',
      function_request_id: 'request-1',
      trailArn: item.ARN,
      complianceType: 'NOT_APPLICABLE',
      failed: [],
      durationMs: expect.any(Number),
      apiRequests: 0,
      apiThrottles: 0,
    }),
  ]);
});

it('counts verdicts in lines that CloudWatch reads as metrics', async () => {
  await handler(event(), context);
  expect(lines(log)).toEqual([expect.objectContaining({ service: 'config-rule', NotApplicable: 1 })]);
});

describe('findings', () => {
  const hub = mockClient(SecurityHubClient);
  beforeEach(() => {
    hub.reset();
    hub.on(BatchImportFindingsCommand).resolves({ FailedCount: 0, SuccessCount: 1 });
  });
  afterEach(() => {
    delete process.env.SECURITY_HUB_FINDINGS;
  });

  it.each([
    ['by default', undefined, 0],
    ['where the deployment wants none', 'false', 0],
    ['where the deployment wants them', 'true', 1],
  ])('are imported %s', async (_, setting, calls) => {
    if (setting !== undefined) process.env.SECURITY_HUB_FINDINGS = setting;
    await handler(event({ ruleParameters: '{"securityHubExclude":"trail-encrypted"}' }), context);
    expect(hub.commandCalls(BatchImportFindingsCommand)).toHaveLength(calls);
    expect(config.commandCalls(PutEvaluationsCommand)).toHaveLength(1);
  });

  const of = (members: object) =>
    JSON.stringify({
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: { ...item, ...members },
    });
  it.each([
    ['was deleted', {}, 1],
    [
      'was deleted where none is recorded',
      { invokingEvent: of({ configurationItemStatus: 'ResourceDeletedNotRecorded' }) },
      1,
    ],
    ['is not recorded', { invokingEvent: of({ configurationItemStatus: 'ResourceNotRecorded' }) }, 0],
    ['left the scope', { invokingEvent: of({ configurationItemStatus: 'OK' }), eventLeftScope: true }, 0],
    ['comes without a configuration', { invokingEvent: of({ configurationItemStatus: 'OK' }) }, 0],
    ['is of a trial run', { resultToken: 'TESTMODE' }, 0],
  ])('of a trail that %s: %#', async (_, members, calls) => {
    process.env.SECURITY_HUB_FINDINGS = 'true';
    await handler(event(members), context);
    const told = [PutEvaluationsCommand, BatchImportFindingsCommand] as const;
    expect([config.commandCalls(told[0]).length, hub.commandCalls(told[1]).length]).toEqual([1, calls]);
  });

  it('that Security Hub refuses fail the invocation, after AWS Config was told', async () => {
    process.env.SECURITY_HUB_FINDINGS = 'true';
    hub.on(BatchImportFindingsCommand).rejects(
      Object.assign(new Error('not subscribed'), {
        name: 'InvalidAccessException',
        $metadata: { httpStatusCode: 401 },
      }),
    );
    await expect(handler(event(), context)).rejects.toThrow('SecurityHub BatchImportFindings');
    expect(config.commandCalls(PutEvaluationsCommand)).toHaveLength(1);
    expect(lines(info)).toEqual([expect.objectContaining({ message: 'evaluated' })]);
  });
});

it.each([
  ['an event that is no event', {}, 'InvalidInvocationError'],
  ['a parameter that is not known', event({ ruleParameters: '{"nonsense":"1"}' }), 'InvalidParameterError'],
])('fails on %s, reports nothing and logs why', async (_, bad, name) => {
  await expect(handler(bad, context)).rejects.toMatchObject({ name });
  expect(config.calls()).toHaveLength(0);
  expect(lines(error)).toEqual([expect.objectContaining({ level: 'ERROR', error: expect.objectContaining({ name }) })]);
});

it('logs names of others as JSON, which steers no log', async () => {
  const name = 'x\r\n::error::x\u001b[2J';
  const named = { ...item, resourceId: name, ARN: `${item.ARN}${name}` };
  const invokingEvent = { messageType: 'ConfigurationItemChangeNotification', configurationItem: named };
  await handler(event({ invokingEvent: JSON.stringify(invokingEvent) }), context);
  const ruleParameters = JSON.stringify({ [name]: '1' });
  await expect(handler(event({ ruleParameters }), context)).rejects.toThrow();
  const said = [info, log, error].flatMap((spy) => spy.mock.calls.flat().map(String));
  expect(said.filter((text) => text.includes('::error::x'))).toHaveLength(2);
  for (const text of said) {
    expect(JSON.parse(text)).toEqual(expect.any(Object));
    // The indentation is of the tests.
    expect(text).not.toMatch(/[^\P{Cc}\n]|^\s*::/mu);
  }
});

it('never logs or throws the result token that AWS quotes', async () => {
  const resultToken = 'eyJlbmNyeXB0ZWREYXRh'.repeat(100);
  config.on(PutEvaluationsCommand).rejects(
    Object.assign(new Error(`Value '${resultToken}' at 'resultToken' failed to satisfy constraint`), {
      name: 'InvalidResultTokenException',
      $metadata: { httpStatusCode: 400 },
    }),
  );
  const thrown = await handler(event({ resultToken }), context).then(
    () => null,
    (failure) => failure,
  );
  expect(thrown).toMatchObject({ message: expect.stringContaining('InvalidResultTokenException') });
  expect(lines(error)).toHaveLength(1);
  const said = [error, info, log].flatMap((spy) => spy.mock.calls.flat().map(String));
  for (const text of [...said, String(thrown), thrown.stack, thrown.cause.stack])
    expect(text).not.toContain(resultToken.slice(0, 16));
});

describe('exceptions', () => {
  const ssm = mockClient(SSMClient);
  const exception = { trailArn: '*', owner: 'security', reason: 'later', ticket: 'SEC-1', checks: ['key-rotates'] };
  const withExceptions = event({ ruleParameters: '{"exceptionsParameter":"/rule/"}' });
  const inSsm = (...documents: string[]) =>
    ssm
      .on(GetParametersByPathCommand)
      .resolves({ Parameters: documents.map((Value, index) => ({ Name: `/rule/${index}`, Value })) });
  beforeEach(() => {
    ssm.reset();
    jest.useFakeTimers({ now: Date.parse('2026-11-20T10:00:00Z') + 3_600_000 * hours++, doNotFake: ['nextTick'] });
  });
  afterEach(() => jest.useRealTimers());

  it('are logged, each one, with what is over apart', async () => {
    inSsm(
      JSON.stringify({ version: 1, exceptions: [{ ...exception, expires: '2026-12-31' }] }),
      JSON.stringify({ version: 1, exceptions: [{ ...exception, expires: '2026-10-31' }] }),
    );
    await handler(withExceptions, context);
    expect(lines(info).map(({ message, exception: logged }) => [message, logged?.expires])).toEqual([
      ['exception in force', '2026-12-31'],
      ['exception expired', '2026-10-31'],
      ['evaluated', undefined],
    ]);
    expect(lines(info)[0].exception).toEqual({ ...exception, expires: '2026-12-31' });
  });

  it.each([
    ['is no JSON', '{', '`/rule/1` is not accepted: `exceptions document` is not JSON'],
    [
      'names a check that is not there',
      JSON.stringify({ version: 1, exceptions: [{ ...exception, checks: ['nonsense'], expires: '2026-12-31' }] }),
      '`/rule/1` is not accepted: `exceptions[0].checks[0]` is `nonsense`',
    ],
    [
      'ends too late',
      JSON.stringify({ version: 1, exceptions: [{ ...exception, expires: '2028-12-31' }] }),
      '`/rule/1` is not accepted: `exceptions[0].expires` is `2028-12-31`',
    ],
    [
      'has no end',
      JSON.stringify({ version: 1, exceptions: [exception] }),
      '`/rule/1` is not accepted: `exceptions[0].expires` is missing',
    ],
  ])('a document that %s is an error that names it, and nothing is reported', async (_, bad, message) => {
    inSsm(JSON.stringify({ version: 1, exceptions: [] }), bad);
    await expect(handler(withExceptions, context)).rejects.toThrow(message);
    expect(config.calls()).toHaveLength(0);
  });
});

describe('a rule in another account', () => {
  const sts = mockClient(STSClient);
  const foreign = (parameters: object) =>
    event({ accountId: '444455556666', ruleParameters: JSON.stringify(parameters) });
  beforeEach(() => {
    sts.reset();
    sts.on(AssumeRoleCommand).resolves({
      Credentials: {
        AccessKeyId: 'a',
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date(Date.now() + 9e6),
      },
    });
  });
  afterEach(() => {
    delete process.env.EXPECTED_ACCOUNTS;
    delete process.env.EXTERNAL_ID;
  });

  it('is reported on through its role, with the external id of the deployment', async () => {
    process.env.EXPECTED_ACCOUNTS = '444455556666';
    process.env.EXTERNAL_ID = 'rule-7';
    await handler(foreign({ memberRoleName: 'reader' }), context);
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toMatchObject({
      RoleArn: 'arn:aws:iam::444455556666:role/reader',
      ExternalId: 'rule-7',
    });
    expect(config.calls()).toHaveLength(1);
  });

  it('is taken where no list bounds the function: its resource policy does', async () => {
    await handler(foreign({ memberRoleName: 'other' }), context);
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input.RoleArn).toBe('arn:aws:iam::444455556666:role/other');
    expect(config.calls()).toHaveLength(1);
  });

  it("is the function's own where no role leads elsewhere", async () => {
    await handler(foreign({}), context);
    expect(sts.calls()).toHaveLength(0);
    expect(config.calls()).toHaveLength(1);
  });

  it.each([
    ['another is expected', '777788889999', { memberRoleName: 'reader' }, 'account 444455556666 is not in'],
    ['no role is named', '444455556666', {}, '`memberRoleName` is missing'],
    ['the list is none', '4444', { memberRoleName: 'reader' }, '`EXPECTED_ACCOUNTS` is `4444`, accepted is'],
    [
      'the role is an ARN',
      '444455556666',
      { memberRoleName: 'arn:aws:iam::444455556666:role/reader' },
      '`memberRoleName` is `arn:aws:iam::444455556666:role/reader`, accepted is the name of a role',
    ],
  ])('is refused before any call where %s', async (_, expected, parameters, message) => {
    if (expected !== undefined) process.env.EXPECTED_ACCOUNTS = expected;
    await expect(handler(foreign(parameters), context)).rejects.toThrow(message);
    expect(sts.calls()).toHaveLength(0);
    expect(config.calls()).toHaveLength(0);
  });
});

it('fails when AWS Config does not take the evaluation', async () => {
  config.on(PutEvaluationsCommand).rejects(
    Object.assign(new Error('no such token'), {
      name: 'InvalidResultTokenException',
      $metadata: { httpStatusCode: 400 },
    }),
  );
  await expect(handler(event(), context)).rejects.toThrow('InvalidResultTokenException: no such token');
  expect(lines(info)).toEqual([]);
});
