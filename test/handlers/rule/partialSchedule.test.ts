import '../support/watchableLog.ts';

import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  PutEvaluationsCommand,
} from '@aws-sdk/client-config-service';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../src/handlers/rule/configRule.ts';
import { answerPlainly, refused } from '../../aws/support/answers.ts';
import { goodPolicy } from '../../rule/memoryPorts.ts';

const clients = {
  trails: mockClient(CloudTrailClient),
  config: mockClient(ConfigServiceClient),
  kms: mockClient(KMSClient),
  s3: mockClient(S3Client),
  hub: mockClient(SecurityHubClient),
};
/** As `template.yaml` has it. */
const MINUTE = 60_000;
const context = {
  functionName: 'rule',
  awsRequestId: 'request-1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:rule',
  getRemainingTimeInMillis: () => MINUTE,
} as Context;
const schedule = {
  invokingEvent: JSON.stringify({
    messageType: 'ScheduledNotification',
    awsAccountId: '111122223333',
    notificationCreationTime: '2026-11-20T10:00:00.000Z',
  }),
  resultToken: 'token',
  configRuleArn: 'arn:aws:config:us-east-1:111122223333:config-rule/config-rule-x',
  configRuleName: 'cloudtrail-kms-rule',
  accountId: '111122223333',
};

const keyOf = (name: string) => `arn:aws:kms:us-east-1:111122223333:key/${name}`;
const arnOf = (name: string) => `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`;
const trailNamed = (Name: string) => ({
  Name,
  TrailARN: arnOf(Name),
  HomeRegion: 'us-east-1',
  S3BucketName: 'logs',
  KmsKeyId: keyOf(Name),
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  LogFileValidationEnabled: false,
});
const never = () => new Promise<never>(() => undefined);

let spies: readonly jest.SpyInstance[];
beforeEach(() => {
  jest.useFakeTimers({
    now: Date.parse('2026-11-20T10:00:05Z'),
    doNotFake: ['nextTick', 'setImmediate', 'performance'],
  });
  process.env.SECURITY_HUB_FINDINGS = 'true';
  for (const client of Object.values(clients)) client.reset();
  const { trails, config, kms, s3, hub } = clients;
  trails.on(DescribeTrailsCommand).resolves({ trailList: ['first', 'bad', 'last'].map(trailNamed) });
  trails.on(GetTrailStatusCommand).resolves({ IsLogging: true, LatestDeliveryTime: new Date('2026-11-20T10:00:00Z') });
  kms.on(DescribeKeyCommand).callsFake(async ({ KeyId }) => ({
    KeyMetadata: {
      Arn: KeyId,
      KeyId,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
    },
  }));
  kms.on(GetKeyPolicyCommand).resolves({ Policy: JSON.stringify(goodPolicy) });
  answerPlainly(kms);
  s3.on(HeadBucketCommand).resolves({ BucketRegion: 'us-east-1' });
  s3.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: [] } });
  config.on(GetComplianceDetailsByConfigRuleCommand).resolves({ EvaluationResults: [] });
  config.on(PutEvaluationsCommand).resolves({});
  hub.on(BatchImportFindingsCommand).resolves({ FailedCount: 0, SuccessCount: 1 });
  spies = (['info', 'log', 'error'] as const).map((name) => jest.spyOn(console, name).mockImplementation());
});
afterEach(() => {
  delete process.env.SECURITY_HUB_FINDINGS;
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Invokes the function and lets its minute pass. */
async function invoke() {
  let outcome: { readonly error: Error | null } | null = null;
  void handler(schedule, context).then(
    () => {
      outcome = { error: null };
    },
    (error: Error) => {
      outcome = { error };
    },
  );
  let seconds = 0;
  for (; outcome === null && seconds < MINUTE / 1_000; seconds += 1) {
    for (let turns = 0; turns < 50; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(1_000);
  }
  const lines = spies.flatMap((spy) => spy.mock.calls.map(([line]) => JSON.parse(String(line))));
  const evaluations = clients.config
    .commandCalls(PutEvaluationsCommand)
    .flatMap(({ args }) => args[0].input.Evaluations ?? []);
  return {
    error: (outcome as { readonly error: Error | null } | null)?.error,
    told: evaluations.map(({ ComplianceResourceId }) => ComplianceResourceId),
    imported: clients.hub
      .commandCalls(BatchImportFindingsCommand)
      .flatMap(({ args }) => (args[0].input.Findings ?? []).map(({ Id }) => Id)),
    noVerdict: lines.filter(({ message }) => message === 'no verdict').map(({ trailArn }) => trailArn),
    counted: lines.find(({ Compliant }) => Compliant !== undefined)?.Compliant,
    logged: lines.filter(({ message }) => message === 'evaluated').map(({ resourceId }) => resourceId),
  };
}

const ofBadKey = { KeyId: keyOf('bad') };

it.each([
  ['answers 500 for ever', () => clients.kms.on(DescribeKeyCommand, ofBadKey).rejects(refused('KMSInternal', '', 500))],
  ['throttles for ever', () => clients.kms.on(GetKeyPolicyCommand, ofBadKey).rejects(refused('ThrottlingException'))],
  ['hangs', () => clients.kms.on(ListGrantsCommand, ofBadKey).callsFake(never)],
])('a key that %s costs the verdict of its own trail: the others are told, counted and imported', async (_, spoil) => {
  spoil();
  const { error, ...rest } = await invoke();
  expect(error).toMatchObject({
    name: 'UnevaluatedTrailsError',
    message: expect.stringContaining(`\`${arnOf('bad')}\`: KMS `),
  });
  expect(rest).toEqual({
    told: ['first', 'last'],
    imported: ['first', 'last'].map((name) => `${arnOf(name)}/cloudtrail-kms-rule`),
    noVerdict: [arnOf('bad')],
    counted: 2,
    logged: ['first', 'last'],
  });
});

it('earlier results that hang cost nothing that is known', async () => {
  clients.config.on(GetComplianceDetailsByConfigRuleCommand).callsFake(never);
  const { error, told, imported, counted } = await invoke();
  expect(error).toMatchObject({
    name: 'DeadlineError',
    message: expect.stringContaining('GetComplianceDetailsByConfigRule'),
  });
  expect({ told, imported: imported.length, counted }).toEqual({
    told: ['first', 'bad', 'last'],
    imported: 3,
    counted: 3,
  });
});

it('what AWS Config does not take is neither counted nor imported', async () => {
  clients.config.on(PutEvaluationsCommand).callsFake(async ({ Evaluations }) => ({
    FailedEvaluations: Evaluations.filter(
      (each: { ComplianceResourceId: string }) => each.ComplianceResourceId === 'bad',
    ),
  }));
  const { error, imported, counted, logged } = await invoke();
  expect(error).toMatchObject({ name: 'UndeliveredEvaluationsError', message: expect.stringContaining('`bad`') });
  expect({ imported: imported.length, counted, logged }).toEqual({
    imported: 2,
    counted: 2,
    logged: ['first', 'last'],
  });
});

it('a trail without verdict and a Security Hub that is away are both in the error', async () => {
  clients.kms.on(DescribeKeyCommand, ofBadKey).rejects(refused('KMSInternal', '', 500));
  clients.hub.on(BatchImportFindingsCommand).rejects(refused('InternalException', '', 500));
  const { error, told, counted } = await invoke();
  expect(error?.message).toMatch(/^trails without a verdict: 1, .*; SecurityHub BatchImportFindings /);
  expect({ told, counted }).toEqual({ told: ['first', 'last'], counted: 2 });
});
