import '../support/watchableLog.ts';

import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient, SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import {
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../src/handlers/central/centralEvaluation.ts';

const config = mockClient(ConfigServiceClient);
const cloudtrail = mockClient(CloudTrailClient);
const s3 = mockClient(S3Client);
const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const MISSING = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/all';
const context = {
  functionName: 'central',
  awsRequestId: 'request-1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:central',
  getRemainingTimeInMillis: () => 900_000,
} as Context;

const before = { ...process.env };
let written: Record<'info' | 'warn' | 'error' | 'log', jest.SpyInstance>;
beforeEach(() => {
  for (const mock of [config, cloudtrail, s3]) mock.reset();
  cloudtrail
    .on(DescribeTrailsCommand)
    .resolves({ trailList: [] })
    .on(GetTrailStatusCommand)
    .resolves({ IsLogging: true });
  s3.on(HeadBucketCommand).resolves({ BucketRegion: 'us-east-1' });
  s3.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: [] } });
  config.on(SelectAggregateResourceConfigCommand).resolves({
    Results: [
      JSON.stringify({
        accountId: '111122223333',
        awsRegion: 'us-east-1',
        resourceId: 'main',
        configurationItemCaptureTime: '2026-11-20T00:00:00.000Z',
        configuration: { trailARN: ARN, name: 'main', s3BucketName: 'logs', isOrganizationTrail: false },
      }),
    ],
  });
  process.env.RULE_PARAMETERS = '{"aggregatorName":"everything"}';
  const silent = (method: 'info' | 'warn' | 'error' | 'log') => jest.spyOn(console, method).mockImplementation();
  written = { info: silent('info'), warn: silent('warn'), error: silent('error'), log: silent('log') };
});
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

const lines = (method: keyof typeof written) =>
  written[method].mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
/** The metrics of CloudWatch's embedded format, by name. */
const metrics = () =>
  Object.assign({}, ...lines('log').filter((line) => '_aws' in line)) as Record<string, number | string>;

it('logs one line a trail and a summary, and counts organization trails', async () => {
  await handler({ source: 'aws.events' }, context);
  expect(lines('info')).toEqual([
    expect.objectContaining({
      message: 'evaluated',
      trailArn: ARN,
      complianceType: 'NON_COMPLIANT',
      failed: ['trail-encrypted'],
      isOrganization: false,
      trailKnownFrom: 'home',
      trailRecordedAt: '2026-11-20T00:00:00.000Z',
    }),
    expect.objectContaining({
      message: 'evaluation finished',
      summary: { COMPLIANT: 0, NON_COMPLIANT: 1, NOT_APPLICABLE: 0 },
      judged: 1,
      unjudged: 0,
      organizationTrails: { judged: [], unjudged: [] },
    }),
  ]);
  expect(metrics()).toMatchObject({
    TrailsJudged: 1,
    TrailsWithoutVerdict: 0,
    OrganizationTrailsJudged: 0,
    OrganizationTrailsWithoutVerdict: 0,
  });
});

it('has an alarm to ring for an organization trail that nobody shows, and fails', async () => {
  process.env.EXPECTED_ORGANIZATION_TRAILS = MISSING;
  await expect(handler({}, context)).rejects.toMatchObject({ name: 'UnevaluatedTrailsError' });
  expect(lines('error')).toEqual([
    expect.objectContaining({ message: 'no verdict', trailArn: MISSING, isOrganization: true }),
    expect.objectContaining({ message: 'the invocation failed' }),
  ]);
  expect(metrics()).toMatchObject({ TrailsJudged: 1, OrganizationTrailsWithoutVerdict: 1 });
});

it('counts each organization trail by itself', async () => {
  cloudtrail.on(DescribeTrailsCommand).resolves({
    trailList: [{ TrailARN: MISSING, Name: 'all', IsOrganizationTrail: true, S3BucketName: 'logs' }],
  });
  await handler({}, context);
  expect(metrics()).toMatchObject({ TrailArn: MISSING, OrganizationTrailJudged: 1, OrganizationTrailsJudged: 1 });
});

it('writes the lines of a run where a bucket is named alone', async () => {
  await handler({}, context);
  expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0);
  process.env.RESULTS_BUCKET = 'results';
  process.env.EXPECTED_ORGANIZATION_TRAILS = MISSING;
  s3.on(PutObjectCommand).resolves({});
  await expect(handler({}, context)).rejects.toMatchObject({ name: 'UnevaluatedTrailsError' });
  const objects = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
  const written = objects.map(({ Body }) => JSON.parse(String(Body)));
  expect(written).toEqual([
    expect.objectContaining({ run: 'request-1', trailArn: ARN, standing: 'non-compliant' }),
    expect.objectContaining({ run: 'request-1', trailArn: MISSING, standing: null }),
  ]);
});

it('leaves trails without a verdict where their lines cannot be written', async () => {
  process.env.RESULTS_BUCKET = 'results';
  s3.on(PutObjectCommand).rejects(Object.assign(new Error('no'), { $metadata: { httpStatusCode: 404 } }));
  await expect(handler({}, context)).rejects.toThrow(/PutObject/);
});

it('judges the trails of a key that changed, and says nothing of organization trails then', async () => {
  process.env.EXPECTED_ORGANIZATION_TRAILS = MISSING;
  const detail = { eventName: 'DisableKey', requestParameters: { keyId: 'arn:aws:kms:us-east-1:111122223333:key/x' } };
  await handler({ source: 'aws.kms', detail }, context);
  expect(lines('info').map(({ message }) => message)).toEqual(['evaluation finished']);
  expect(metrics()).toEqual({});
  await handler({ source: 'aws.kms', detail: { ...detail, errorCode: 'AccessDenied' } }, context);
  expect(config.commandCalls(SelectAggregateResourceConfigCommand)).toHaveLength(1);
});

describe('a step of the state machine', () => {
  const objects = new Map<string, string>();
  beforeEach(() => {
    objects.clear();
    process.env.RUNS_BUCKET = 'runs';
    s3.on(PutObjectCommand).callsFake(({ Key, Body }) => objects.set(Key, Body));
    s3.on(GetObjectCommand).callsFake(({ Key }) => ({ Body: { transformToString: async () => objects.get(Key) } }));
    s3.on(ListObjectsV2Command).callsFake(({ Prefix }) => ({
      Contents: [...objects.keys()].filter((Key) => Key.startsWith(Prefix)).map((Key) => ({ Key })),
    }));
  });
  const items = () => JSON.parse(objects.get('runs/run-1/items.json') ?? '[]') as readonly unknown[];

  it('lists, evaluates or sums up: verdicts in the log of the one, metrics of the other', async () => {
    expect(await handler({ step: 'list', run: 'run-1', input: {} }, context)).toEqual({ trails: 1 });
    expect(lines('info')).toEqual([]);
    expect(await handler({ step: 'evaluate', run: 'run-1', items: items() }, context)).toEqual({ evaluated: 1 });
    expect(lines('info')).toEqual([expect.objectContaining({ message: 'evaluated', trailArn: ARN })]);
    expect(metrics()).toEqual({});
    expect(await handler({ step: 'summarize', run: 'run-1', input: {} }, context)).toEqual({ evaluated: 1 });
    expect(lines('info').slice(1)).toEqual([
      expect.objectContaining({
        message: 'evaluation finished',
        summary: { COMPLIANT: 0, NON_COMPLIANT: 1, NOT_APPLICABLE: 0 },
        judged: 1,
      }),
    ]);
    expect(metrics()).toMatchObject({ TrailsJudged: 1, TrailsWithoutVerdict: 0, NonCompliant: 1 });
  });

  it('keeps the lines of a batch under the run, and a batch that comes twice keeps them once', async () => {
    process.env.RESULTS_BUCKET = 'results';
    await handler({ step: 'list', run: 'run-1', input: {} }, context);
    await handler({ step: 'evaluate', run: 'run-1', items: items() }, context);
    await handler({ step: 'evaluate', run: 'run-1', items: items() }, context);
    await handler({ step: 'summarize', run: 'run-1', input: {} }, context);
    const kept = [...objects].filter(([key]) => key.startsWith('results/'));
    expect(kept).toHaveLength(1);
    expect(kept[0]?.[0]).toMatch(/^results\/date=[\d-]{10}\/run=run-1\/part-/);
    expect(JSON.parse(kept[0]?.[1] ?? '')).toMatchObject({ run: 'run-1', trailArn: ARN, standing: 'non-compliant' });
  });

  it('without a bucket fails', async () => {
    delete process.env.RUNS_BUCKET;
    await expect(handler({ step: 'list', run: 'run-1' }, context)).rejects.toThrow('`RUNS_BUCKET` is missing');
  });
});

it.each([
  ['no aggregator', '', {}, 'InvalidParameterError', '`aggregatorName` is missing'],
  ['parameters that are no JSON', '{', {}, 'InvalidParameterError', '`RULE_PARAMETERS` is not JSON: `{`'],
  ['an unknown parameter', '{"nonsense":"1"}', {}, 'InvalidParameterError', '`nonsense` is no parameter of this rule'],
  [
    'an event of AWS Config',
    '{"aggregatorName":"x"}',
    { invokingEvent: '{}' },
    'InvalidInvocationError',
    '`invokingEvent`',
  ],
])('fails on %s, asks nothing and logs why', async (_, parameters, event, name, message) => {
  process.env.RULE_PARAMETERS = parameters;
  await expect(handler(event, context)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  expect(config.calls()).toHaveLength(0);
  expect(lines('error')).toEqual([expect.objectContaining({ error: expect.objectContaining({ name }) })]);
});
