import './support/watchableLog.ts';

import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../src/handlers/configRule.ts';

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

let info: jest.SpyInstance;
let error: jest.SpyInstance;
beforeEach(() => {
  config.reset();
  config.on(PutEvaluationsCommand).resolves({});
  info = jest.spyOn(console, 'info').mockImplementation();
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
    }),
  ]);
});

it.each([
  ['an event that is no event', {}, 'InvalidInvocationError'],
  ['a parameter that is not known', event({ ruleParameters: '{"nonsense":"1"}' }), 'InvalidParameterError'],
])('fails on %s, reports nothing and logs why', async (_, bad, name) => {
  await expect(handler(bad, context)).rejects.toMatchObject({ name });
  expect(config.calls()).toHaveLength(0);
  expect(lines(error)).toEqual([expect.objectContaining({ level: 'ERROR', error: expect.objectContaining({ name }) })]);
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
