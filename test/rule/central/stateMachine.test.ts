// Slow: `npm run quick` leaves it out.
import { join } from 'node:path';
import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import { parseCentralStep } from '../../../src/rule/central/centralStep.ts';
import type { RecordedTrail } from '../../../src/rule/central/centralTrails.ts';
import type { CentralPorts } from '../../../src/rule/central/runCentral.ts';
import { runCentral } from '../../../src/rule/central/runCentral.ts';
import { runStep } from '../../../src/rule/central/steps.ts';
import { configurationOf } from '../../../src/rule/event/describeTrail.ts';
import { read, type TrailDescription } from '../../../src/trail/facts.ts';
import { centralDefinition, type States } from '../../stateMachine/definition.ts';
import { Execution } from '../../stateMachine/execution.ts';
import { memoryBucket } from '../../stateMachine/memoryStore.ts';
import type { Outcome, Services } from '../../stateMachine/services.ts';
import { Failed } from '../../stateMachine/values.ts';
import { ACCOUNT, trailNamed } from '../facts.ts';
import { KEY_ARN, memoryPorts } from '../memoryPorts.ts';

const DEFINITION = centralDefinition(join(__dirname, '../../..'));
/** In batches of 10, so that a few trails make many. */
const SMALL: States = {
  ...DEFINITION,
  States: {
    ...DEFINITION.States,
    Evaluate: {
      ...DEFINITION.States.Evaluate!,
      ItemBatcher: { ...(DEFINITION.States.Evaluate!.ItemBatcher as object), MaxItemsPerBatch: 10 },
    },
  },
};
const PARAMETERS = { aggregatorName: 'organization' };
const GONE = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/gone';

const record = (trail: TrailDescription): RecordedTrail => ({
  accountId: trail.accountId,
  region: trail.homeRegion,
  arn: trail.arn,
  resourceId: trail.name,
  capturedAt: null,
  configuration: configurationOf(trail),
});

/** 250 trails of 25 accounts, 26 batches with the organization trail: one in two uses the key that they share. */
const TRAILS: readonly TrailDescription[] = [
  trailNamed('everyone', { accountId: '999999999999', isOrganization: true }),
  ...Array.from({ length: 250 }, (_, index) =>
    trailNamed(`t${index}`, {
      accountId: index % 25 === 0 ? ACCOUNT : String(300_000_000_000 + (index % 25)),
      kmsKeyId: index % 2 === 0 ? KEY_ARN : null,
      keyPrefix: index % 3 === 0 ? 'organization' : null,
    }),
  ),
];

interface Setting {
  readonly definition?: States;
  readonly trails?: readonly TrailDescription[];
  readonly overrides?: Partial<CentralPorts>;
  readonly expectedTrails?: readonly string[];
  /** Stands before the function: what throws is what Lambda answers. */
  readonly before?: (payload: Payload) => void;
  readonly finish?: (run: CentralRun) => void;
  readonly publish?: (arns: readonly string[]) => void;
}

interface Payload {
  readonly step: string;
  readonly items: readonly { readonly index: number }[];
}

/** The state machine over a function that has everything in memory. */
function machine(setting: Setting = {}) {
  const { definition = SMALL, trails = TRAILS, overrides = {}, expectedTrails = [], before, finish, publish } = setting;
  const bucket = memoryBucket();
  const ports = memoryPorts({});
  const published: string[] = [];
  const runs: CentralRun[] = [];
  const pauses: number[] = [];
  const payloads: Payload[] = [];
  const connect = (): CentralPorts => ({
    ...ports,
    recordedTrails: async () => trails.map(record),
    organizationTrails: async () => read([]),
    ...overrides,
  });
  const publisher = {
    publish: async (verdicts: readonly { readonly verdict: { readonly trail: TrailDescription } }[]) => {
      const arns = verdicts.map(({ verdict }) => verdict.trail.arn);
      publish?.(arns);
      published.push(...arns);
    },
    finish: async (run: CentralRun) => {
      runs.push(run);
      finish?.(run);
    },
  };
  const settings = { organizationTrailsOnly: false, expectedTrails };
  const invoke = async (payload: unknown) => {
    try {
      // As Lambda does: what goes in and out is JSON.
      const event = JSON.parse(JSON.stringify(payload)) as Payload;
      payloads.push(event);
      before?.(event);
      const step = parseCentralStep(event);
      if (step === null) throw new Error('no step');
      const context = { rawParameters: PARAMETERS, settings, connect, publisher, store: bucket.store(step.run) };
      return JSON.parse(JSON.stringify(await runStep(step, context)));
    } catch (error) {
      throw new Failed((error as Error).name, (error as Error).message);
    }
  };
  const services: Services = {
    invoke,
    getObject: async (_, key) => bucket.get(key),
    putObject: async (_, key, body) => bucket.put(key, body),
    sleep: async (seconds) => void pauses.push(seconds),
  };
  const execution = (name = 'run-1', input: object = {}) => new Execution(definition, name, input, services);
  return { execution, invoke, bucket, ports, published, runs, pauses, payloads, connect, publisher, settings };
}

const said = ({ status, error }: Outcome) => ({ status, error });
const OK = { status: 'SUCCEEDED', error: null };

test('a run of the state machine comes to what one function comes to', async () => {
  const all = machine({ expectedTrails: [] });
  expect(said(await all.execution().run())).toEqual(OK);
  const one = machine();
  await runCentral(PARAMETERS, { ...one.settings, key: null }, one.connect, one.publisher);
  const { evaluated, ...rest } = one.runs[0] as CentralRun;
  expect(all.runs).toEqual([{ ...rest, evaluated: expect.any(Set) }]);
  expect([...(all.runs[0]?.evaluated ?? [])].sort()).toEqual([...evaluated].sort());
  expect(evaluated.size).toBe(251);
  expect(rest.tally.complianceTypes.NON_COMPLIANT).toBeGreaterThan(100);
});

test('a key that trails share is read once a batch, and the trails of one key and account lie side by side', async () => {
  const { execution, ports, payloads } = machine();
  const { children } = await execution().run();
  expect(children).toHaveLength(26);
  // 125 trails share it; they begin in the middle of a batch.
  expect(ports.calls.filter((call) => call === `key ${KEY_ARN}`)).toHaveLength(14);
  const accounts = payloads
    .filter(({ step }) => step === 'evaluate')
    .map(({ items }) => new Set(items.map((item) => JSON.stringify(item).match(/"trailARN":"[^"]*:(\d{12}):/)?.[1])));
  for (const of of accounts) expect(of.size).toBeLessThanOrEqual(4);
});

test('what the steps hand on is within what Step Functions takes', async () => {
  const long = 'x'.repeat(128);
  const trails = Array.from({ length: 200 }, (_, index) =>
    trailNamed(`${long.slice(4)}${1000 + index}`, {
      bucketName: long.slice(65),
      keyPrefix: `${long}${long.slice(56)}`,
    }),
  );
  const { execution, bucket } = machine({ definition: DEFINITION, trails });
  expect(said(await execution().run())).toEqual(OK);
  expect([...bucket.objects.keys()].filter((key) => key.startsWith('runs/')).sort()).toEqual([
    'runs/run-1/items.json',
    'runs/run-1/listed.json',
    'runs/run-1/results/000000000.json',
    'runs/run-1/results/000000100.json',
  ]);
});

test('an organization without trails has nothing to hand out', async () => {
  const { execution, runs, payloads } = machine({ trails: [] });
  expect(said(await execution().run())).toEqual(OK);
  expect(payloads.map(({ step }) => step)).toEqual(['list', 'summarize']);
  expect(runs[0]?.evaluated.size).toBe(0);
});

describe('trails that cannot be read', () => {
  const unread = (arn: string, times: number) => {
    let failures = 0;
    const { trailStatus } = memoryPorts({});
    return {
      trailStatus: async (trail: TrailDescription) => {
        if (trail.arn === arn && failures++ < times) throw new Error('ThrottlingException');
        return trailStatus(trail);
      },
    };
  };
  const [, , , bad] = TRAILS;

  test('are evaluated when their batch is tried again, after a pause', async () => {
    const { execution, runs, pauses } = machine({ overrides: unread(bad!.arn, 3) });
    expect(said(await execution().run())).toEqual(OK);
    expect(pauses).toEqual([60]);
    expect(runs[0]?.evaluated.size).toBe(251);
    expect(runs[0]?.tally.complianceTypes.COMPLIANT).toBeGreaterThan(0);
  });

  test('fail the summary alone: the others of the batch have their verdicts, and a re-drive comes to the same', async () => {
    const { execution, runs, pauses, published } = machine({
      overrides: unread(bad!.arn, Number.POSITIVE_INFINITY),
      expectedTrails: [GONE],
    });
    const one = execution();
    const failed = { status: 'FAILED', error: 'UnevaluatedTrailsError' };
    expect(said(await one.run())).toEqual(failed);
    expect(pauses).toEqual([60, 120]);
    const evaluated = published.length;
    expect(said(await one.run())).toEqual(failed);
    expect(published.length).toBe(evaluated);
    for (const run of runs) {
      expect(run.unevaluated.map(({ trailArn, reason }) => [trailArn, reason])).toEqual([
        [GONE, expect.stringContaining('neither the aggregator')],
        [bad!.arn, 'ThrottlingException'],
      ]);
      expect(run.evaluated.size).toBe(250);
      expect(run.organizationTrails).toEqual({ evaluated: [TRAILS[0]!.arn], unevaluated: [GONE] });
    }
    expect(runs).toHaveLength(2);
  });

  test('however many batches they are in, end no run: a key that many trails share cannot be read', async () => {
    const key = () => Promise.reject(new Error('the log archive does not answer'));
    const { execution, runs } = machine({ overrides: { key } });
    expect(said(await execution().run())).toEqual({ status: 'FAILED', error: 'UnevaluatedTrailsError' });
    expect(runs[0]?.unevaluated).toHaveLength(125);
    expect(runs[0]?.evaluated.size).toBe(126);
  });
});

describe('batches that come to nothing', () => {
  /** Lambda breaks off for the batches that begin with these items. */
  const breaking = (firsts: readonly number[], isOver = () => false) => ({
    before: ({ step, items }: Payload) => {
      if (step === 'evaluate' && firsts.includes(items[0]?.index ?? -1) && !isOver())
        throw Object.assign(new Error('out of memory'), { name: 'Runtime.ExitError' });
    },
  });

  test('as many as are tolerated fail the summary, which names their trails', async () => {
    const { execution, runs, pauses } = machine(breaking([50]));
    const outcome = await execution().run();
    expect(said(outcome)).toEqual({ status: 'FAILED', error: 'UnevaluatedTrailsError' });
    expect(pauses).toEqual([30, 60, 120]);
    expect(runs[0]?.evaluated.size).toBe(241);
    expect(runs[0]?.unevaluated).toHaveLength(10);
    expect(new Set(runs[0]?.unevaluated.map(({ reason }) => reason))).toEqual(
      new Set(['its batch came to no result: the execution tells why']),
    );
  });

  test('more than are tolerated fail the run before a summary; a re-drive evaluates them alone and sums up', async () => {
    let isOver = false;
    const broken = machine(breaking([0, 50, 100], () => isOver));
    const { execution, runs, payloads, bucket } = broken;
    const one = execution();
    expect(said(await one.run())).toEqual({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
    expect(runs).toEqual([]);
    const manifest = [...bucket.objects].find(([key]) => key.endsWith('manifest.json'))?.[1] ?? '';
    expect(Object.keys(JSON.parse(manifest).ResultFiles)).toEqual(['SUCCEEDED', 'FAILED', 'PENDING']);
    isOver = true;
    const had = new Set(Object.keys(Object.fromEntries(bucket.objects)).filter((key) => key.includes('/results/')));
    payloads.length = 0;
    expect(said(await one.run())).toEqual(OK);
    expect(payloads.filter(({ step }) => step === 'evaluate')).toHaveLength(26 - had.size);
    expect(payloads.map(({ step }) => step)).not.toContain('list');
    expect(runs[0]?.evaluated.size).toBe(251);
  });
});

test('a batch that is delivered twice changes nothing', async () => {
  const { execution, runs, payloads, bucket, invoke } = machine();
  await execution().run();
  const objects = new Map(bucket.objects);
  const [batch] = payloads.filter(({ step }) => step === 'evaluate');
  await invoke(batch);
  expect(bucket.objects).toEqual(objects);
  await invoke({ step: 'summarize', run: 'run-1', input: {} });
  expect(runs[1]).toEqual(runs[0]);
});

test('two runs keep apart what they hand on', async () => {
  const { execution, runs, bucket } = machine();
  expect(said(await execution('run-1').run())).toEqual(OK);
  expect(said(await execution('run-2').run())).toEqual(OK);
  expect(runs[1]).toEqual(runs[0]);
  expect(bucket.objects.has('runs/run-2/items.json')).toBe(true);
});

describe('the summary', () => {
  test('that breaks off is tried again, and evaluates nothing', async () => {
    let times = 0;
    const { execution, runs, pauses, published } = machine({
      finish: () => {
        if (times++ < 2) throw new Error('Security Hub is down');
      },
    });
    expect(said(await execution().run())).toEqual(OK);
    expect(pauses).toEqual([30, 60]);
    expect(runs).toHaveLength(3);
    expect(published).toHaveLength(251);
  });

  test('knows what the execution was started with', async () => {
    const { execution, runs } = machine();
    await execution('run-1', { trailsWereDeleted: true }).run();
    expect(runs[0]?.task.trailsWereDeleted).toBe(true);
  });
});

test('wrong input is not tried again', async () => {
  const { execution, pauses } = machine();
  const outcome = await execution('run-1', { trailsWereDeleted: 'yes' }).run();
  expect(said(outcome)).toEqual({ status: 'FAILED', error: 'InvalidInvocationError' });
  expect(pauses).toEqual([]);
});
