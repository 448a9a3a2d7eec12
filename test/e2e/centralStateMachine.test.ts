import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { BUCKET, centralDefinition } from '../stateMachine/definition.ts';
import { Execution } from '../stateMachine/execution.ts';
import type { Outcome, Services } from '../stateMachine/services.ts';
import { Failed } from '../stateMachine/values.ts';
import { accountIds, answerAsAws, DEFAULT_REGIONS, trailsOf } from './support/aws.ts';
import { root } from './support/bundle.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

/**
 * 10,000 trails: in each of 100 accounts ten in each of ten Regions, which share a bucket. Two of the ten share a key, which
 * takes most of the time, and the others have none.
 */
const TRAILS = trailsOf(accountIds(100), DEFAULT_REGIONS.slice(0, 10), 10).map((trail, index) =>
  index % 5 === 0 ? trail : { ...trail, keyArn: null },
);
const WITH_KEY = TRAILS.filter(({ keyArn }) => keyArn !== null).length;
const BATCHES = TRAILS.length / 100;
/** Processes of the function: as many as a small machine has processors. */
const PROCESSES = 2;
const DEFINITION = centralDefinition(root);
/** Of the function in deploy/central.yaml, in MB. */
const MEMORY = 512;

interface Item {
  readonly configuration: { readonly trailARN: string };
}

interface Payload {
  readonly step: string;
  readonly items: readonly { readonly index: number }[];
}

describe(`the state machine over ${TRAILS.length} trails, its function under the real runtime client`, () => {
  let moto: Moto;
  let wire: Wire;
  let s3: S3Client;
  let bundle: Awaited<ReturnType<typeof handlerBundle>>;
  let environment: Readonly<Record<string, string>>;
  const functions: Lambda[] = [];
  const idle: Lambda[] = [];
  const waiting: (() => void)[] = [];
  const payloads: Payload[] = [];
  let breaks = (_: Payload): boolean => false;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
    // By a name: moto takes the first part of any other host for a bucket.
    const endpoint = `http://localhost:${moto.port}`;
    s3 = new S3Client({ region: 'us-east-1', endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    bundle = await handlerBundle('centralEvaluation');
    environment = {
      RULE_PARAMETERS: JSON.stringify({ aggregatorName: 'organization', memberRoleName: 'member' }),
      AWS_ENDPOINT_URL: wire.url,
      EXPECTED_ORGANIZATION: 'o-exampleorgid',
      RUNS_BUCKET: BUCKET,
    };
    for (let process = 0; process < PROCESSES; process += 1)
      functions.push(await startLambda({ ...bundle, environment }));
    idle.push(...functions);
  });
  after(() => {
    for (const lambda of functions) lambda.stop();
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    answerAsAws(wire, TRAILS);
    payloads.length = 0;
    breaks = () => false;
  });

  /** As Lambda does: one invocation of a process at a time. */
  async function invoke(payload: unknown): Promise<unknown> {
    payloads.push(payload as Payload);
    if (breaks(payload as Payload)) throw new Failed('Lambda.TooManyRequestsException', 'Rate Exceeded.');
    while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const lambda = idle.pop() as Lambda;
    try {
      const outcome = await lambda.invoke(payload);
      if (!outcome.ok) throw new Failed(outcome.errorType, outcome.errorMessage);
      return outcome.payload;
    } finally {
      idle.push(lambda);
      waiting.shift()?.();
    }
  }
  const services: Services = {
    invoke,
    getObject: async (Bucket, Key) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString() ?? '',
    putObject: async (Bucket, Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
    sleep: async () => {},
  };
  const execution = (name: string) => new Execution(DEFINITION, name, {}, services);
  const said = ({ status, error }: Outcome) => [status, error];
  const sent = (wanted: string) => payloads.filter(({ step }) => step === wanted);
  const keysUnder = async (Prefix: string) =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }))).Contents ?? []).map(({ Key }) => Key ?? '');
  const lines = (message: string) =>
    functions
      .flatMap((lambda) => lambda.logs().split('\n'))
      .filter((line) => line.includes(`"message":"${message}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .toSorted((one, other) => (String(one.timestamp) < String(other.timestamp) ? -1 : 1));

  it('evaluates each once, reads each key once a batch, and sums up', async () => {
    assert.deepEqual(said(await execution('whole').run()), ['SUCCEEDED', null]);
    assert.deepEqual([sent('list').length, sent('summarize').length], [1, 1]);
    assert.equal(new Set(sent('evaluate').map(({ items }) => items[0]?.index)).size, BATCHES);
    assert.equal((await keysUnder('runs/whole/results/')).length, BATCHES);
    assert.equal(new Set(lines('evaluated').map(({ trailArn }) => trailArn)).size, TRAILS.length);
    const [summary, ...others] = lines('evaluation finished');
    assert.deepEqual(others, []);
    assert.deepEqual(summary?.summary, {
      COMPLIANT: WITH_KEY,
      NON_COMPLIANT: TRAILS.length - WITH_KEY,
      NOT_APPLICABLE: 0,
    });
    // Two trails share each. On a machine that is busy a request is made again, and a batch tried again.
    assert.ok(wire.calls('kms', 'DescribeKey').length < WITH_KEY);
  });

  it('tries a batch again whose trail could not be read, and comes to the same when it is delivered twice', async () => {
    answerAsAws(wire, TRAILS.slice(0, 400));
    const [, , throttled] = TRAILS;
    let attempts = 0;
    const status = ok({ IsLogging: true, LatestDeliveryTime: Date.now() / 1_000 });
    // Eight attempts: twice in the first invocation, each as often as the SDK tries.
    wire.on('cloudtrail', 'GetTrailStatus', ({ body }) =>
      body.Name === throttled?.arn && attempts++ < 8 ? refuse('ThrottlingException', 'Rate exceeded') : status,
    );
    assert.deepEqual(said(await execution('throttled').run()), ['SUCCEEDED', null]);
    assert.equal(attempts, 9);
    const batches = sent('evaluate');
    assert.equal(batches.length, 5);
    const results = () => Promise.all(resultKeys.map((key) => services.getObject(BUCKET, key)));
    const resultKeys = await keysUnder('runs/throttled/results/');
    const before = await results();
    await Promise.all(batches.slice(0, 2).map(invoke));
    assert.deepEqual(await results(), before);
    assert.deepEqual(await keysUnder('runs/throttled/results/'), resultKeys);
  });

  it('fails the summary where a batch came to nothing within the tolerated share', async () => {
    answerAsAws(wire, TRAILS.slice(0, 2_100));
    breaks = ({ step, items }) => step === 'evaluate' && items[0]?.index === 300;
    const outcome = await execution('tolerated').run();
    assert.deepEqual(said(outcome), ['FAILED', 'UnevaluatedTrailsError']);
    assert.match(outcome.cause ?? '', /^trails without a verdict: 100, the first is .*: its batch came to no result/);
    assert.equal(lines('evaluation finished').at(-1)?.judged, 2_000);
  });

  it('beyond it the run fails, and a re-drive evaluates the other batches alone and sums up', async () => {
    answerAsAws(wire, TRAILS.slice(0, 400));
    const finished = lines('evaluation finished').length;
    breaks = ({ step, items }) => step === 'evaluate' && items[0]?.index !== 0;
    const one = execution('broken');
    assert.deepEqual(said(await one.run()), ['FAILED', 'States.ExceedToleratedFailureThreshold']);
    assert.equal(lines('evaluation finished').length, finished);
    breaks = () => false;
    payloads.length = 0;
    assert.deepEqual(said(await one.run()), ['SUCCEEDED', null]);
    assert.deepEqual(
      payloads.map(({ step, items }) => items?.[0]?.index ?? step),
      [100, 200, 300, 'summarize'],
    );
    assert.equal(lines('evaluation finished').at(-1)?.judged, 400);
  });

  it('refuses to sum up what another version kept', async () => {
    await services.putObject(BUCKET, 'runs/other/listed.json', '{"version":2}');
    await services.putObject(BUCKET, 'runs/other/items.json', '[]');
    await assert.rejects(invoke({ step: 'summarize', run: 'other', input: {} }), { error: 'InvalidInvocationError' });
  });

  it('lists and sums up three times as many within the memory of the function', async () => {
    const many = trailsOf(accountIds(300), DEFAULT_REGIONS.slice(0, 10), 10);
    answerAsAws(wire, many);
    const lambda = await startLambda({
      ...bundle,
      // As Lambda bounds the heap.
      environment: { ...environment, NODE_OPTIONS: `--max-old-space-size=${Math.floor(MEMORY * 0.9)}` },
    });
    try {
      const run = { run: 'many', input: {} };
      assert.deepEqual(await lambda.invoke({ step: 'list', ...run }), { ok: true, payload: { trails: many.length } });
      const listing = lambda.peakMemory();
      const items = JSON.parse(await services.getObject(BUCKET, 'runs/many/items.json')) as readonly Item[];
      const tally = {
        complianceTypes: { COMPLIANT: 100, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 },
        standings: {},
        failed: {},
        unknown: {},
      };
      for (let first = 0; first < items.length; first += 100) {
        const evaluated = items.slice(first, first + 100).map(({ configuration }) => configuration.trailARN);
        const result = JSON.stringify({ evaluated, unevaluated: [], tally });
        await services.putObject(BUCKET, `runs/many/results/${String(first).padStart(9, '0')}.json`, result);
      }
      const outcome = await lambda.invoke({ step: 'summarize', ...run });
      assert.deepEqual(outcome, { ok: true, payload: { evaluated: many.length } });
      const megabytes = (bytes: number) => Math.round(bytes / 1e6);
      console.log(
        `${many.length} trails: ${megabytes(listing)} MB to list, ${megabytes(lambda.peakMemory())} MB to sum up`,
      );
      assert.ok(lambda.peakMemory() < MEMORY * 1_048_576);
    } finally {
      lambda.stop();
    }
  });
});
