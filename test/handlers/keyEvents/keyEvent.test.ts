import '../support/watchableLog.ts';

import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../src/handlers/keyEvents/keyEvent.ts';

const config = mockClient(ConfigServiceClient);
const cloudtrail = mockClient(CloudTrailClient);
const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:rule';
const KEY = 'arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';
let remaining = 300_000;
const context = {
  functionName: 'key-event',
  awsRequestId: 'request-1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:key-event',
  getRemainingTimeInMillis: () => remaining,
} as Context;
const event = (detail: object = {}) => ({
  source: 'aws.kms',
  detail: { eventName: 'PutKeyPolicy', requestParameters: { keyId: KEY }, ...detail },
});

const before = { ...process.env };
let written: Record<'info' | 'warn' | 'error', jest.SpyInstance>;
beforeEach(() => {
  remaining = 300_000;
  config.reset();
  cloudtrail.reset();
  cloudtrail.on(DescribeTrailsCommand).resolves({
    trailList: [{ TrailARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main', Name: 'main', KmsKeyId: KEY }],
  });
  config
    .on(DescribeConfigRulesCommand)
    .resolves({
      ConfigRules: [{ ConfigRuleName: 'trails', Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: FUNCTION } }],
    })
    .on(StartConfigRulesEvaluationCommand)
    .resolves({});
  process.env.RULE_FUNCTION_ARN = FUNCTION;
  const silent = (method: 'info' | 'warn' | 'error') => jest.spyOn(console, method).mockImplementation();
  written = { info: silent('info'), warn: silent('warn'), error: silent('error') };
});
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

const messages = (method: keyof typeof written) =>
  written[method].mock.calls.map(([line]) => (JSON.parse(String(line)) as { message: string }).message);
const starts = () => config.commandCalls(StartConfigRulesEvaluationCommand);

it('has the rule evaluated where a trail uses the key', async () => {
  await handler(event(), context);
  expect(starts().map(({ args }) => args[0].input)).toEqual([{ ConfigRuleNames: ['trails'] }]);
  expect(messages('info')).toEqual(['evaluation started']);
});

it('says so where no rule is there', async () => {
  config.on(DescribeConfigRulesCommand).resolves({ ConfigRules: [] });
  await handler(event(), context);
  expect(messages('warn')).toEqual(['no rule of the function is where a trail uses the key']);
});

it('asks AWS Config nothing for a key that no trail uses', async () => {
  await handler(event({ requestParameters: { keyId: KEY.replace('1234abcd', '9999abcd') } }), context);
  expect(config.calls()).toHaveLength(0);
  expect(messages('info')).toEqual(['no trail uses the key']);
});

it('asks nothing at all after a call that changed nothing', async () => {
  await handler(event({ errorCode: 'AccessDenied' }), context);
  expect([...config.calls(), ...cloudtrail.calls()]).toEqual([]);
});

it('ends with its time while AWS Config is busy, so that Lambda tries again', async () => {
  remaining = 1_200;
  config
    .on(StartConfigRulesEvaluationCommand)
    .rejects(Object.assign(new Error('busy'), { name: 'LimitExceededException', $metadata: { httpStatusCode: 400 } }));
  await expect(handler(event(), context)).rejects.toMatchObject({ name: 'AbortError' });
  expect(messages('error')).toEqual(['the invocation failed']);
});

it.each([
  ['', '`RULE_FUNCTION_ARN` is ``, accepted is the ARN of the function behind the rule, without version or alias'],
  [`${FUNCTION}:live`, `\`RULE_FUNCTION_ARN\` is \`${FUNCTION}:live\``],
])('refuses the function %j', async (arn, message) => {
  process.env.RULE_FUNCTION_ARN = arn;
  await expect(handler(event(), context)).rejects.toThrow(message);
});
