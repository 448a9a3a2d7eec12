import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import type { CentralTask } from '../../../src/rule/central/centralTask.ts';
import type { RecordedTrail } from '../../../src/rule/central/centralTrails.ts';
import { PUBLISHED_TOGETHER } from '../../../src/rule/central/evaluateListed.ts';
import { type CentralPorts, runCentral } from '../../../src/rule/central/runCentral.ts';
import { InvalidExceptionsError, InvalidParameterError, UnevaluatedTrailsError } from '../../../src/rule/errors.ts';
import { configurationOf } from '../../../src/rule/event/describeTrail.ts';
import { read, type TrailDescription, unread } from '../../../src/trail/facts.ts';
import { trailNamed } from '../facts.ts';
import { KEY_ARN, keyFacts, memoryPorts } from '../memoryPorts.ts';

const TASK: CentralTask = { key: null, organizationTrailsOnly: false, expectedTrails: [] };
const PARAMETERS = { aggregatorName: 'organization' };
const organization = trailNamed('all', { accountId: '999999999999', isOrganization: true, kmsKeyId: KEY_ARN });

const record = (trail: TrailDescription): RecordedTrail => ({
  accountId: trail.accountId,
  region: trail.homeRegion,
  arn: trail.arn,
  resourceId: trail.name,
  capturedAt: null,
  configuration: configurationOf(trail),
});

interface Setting {
  readonly trails?: readonly TrailDescription[];
  readonly live?: readonly TrailDescription[];
  readonly overrides?: Partial<CentralPorts>;
  readonly parameters?: object;
  readonly task?: Partial<CentralTask>;
  readonly publish?: (arns: readonly string[]) => Promise<void>;
}

async function run({ trails = [], live = [], overrides = {}, parameters = {}, task = {}, publish }: Setting) {
  const ports = memoryPorts({});
  const batches: string[][] = [];
  const verdicts: string[] = [];
  const runs: CentralRun[] = [];
  const work = runCentral(
    { ...PARAMETERS, ...parameters },
    { ...TASK, ...task },
    () => ({
      ...ports,
      recordedTrails: async () => trails.map(record),
      organizationTrails: async () => read(live),
      ...overrides,
    }),
    {
      async publish(some) {
        const arns = some.map(({ verdict }) => verdict.trail.arn);
        await publish?.(arns);
        batches.push(arns);
        verdicts.push(...some.map(({ verdict }) => `${verdict.trail.name} ${verdict.complianceType}`));
      },
      async finish(one) {
        runs.push(one);
      },
    },
  );
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { ports, batches, verdicts, run: runs[0], runs, error };
}

test('each trail is evaluated and published once, its key read once', async () => {
  const trails = [
    trailNamed('one', { kmsKeyId: KEY_ARN }),
    trailNamed('two', { kmsKeyId: KEY_ARN }),
    trailNamed('three', { accountId: '222233334444' }),
  ];
  const { verdicts, ports, run: finished, error } = await run({ trails: [...trails, ...trails] });
  expect(error).toBeNull();
  expect(verdicts).toEqual(['one COMPLIANT', 'two COMPLIANT', 'three NON_COMPLIANT']);
  expect(ports.calls.filter((call) => call.startsWith('key '))).toEqual([`key ${KEY_ARN}`]);
  expect(finished?.evaluated.size).toBe(3);
});

test('a key that could not be read once is read again, for the trail that waited for it and for the one that asked', async () => {
  const trails = [trailNamed('one', { kmsKeyId: KEY_ARN }), trailNamed('two', { kmsKeyId: KEY_ARN })];
  let asked = 0;
  const key = async (reference: string) => {
    asked += 1;
    if (asked === 1) throw new Error('Rate exceeded');
    return keyFacts(reference);
  };
  const { verdicts, error } = await run({ trails, overrides: { key } });
  expect(error).toBeNull();
  expect(verdicts).toEqual(['two COMPLIANT', 'one COMPLIANT']);
  expect(asked).toBe(3);
});

test('verdicts are published as they are reached', async () => {
  const trails = Array.from({ length: PUBLISHED_TOGETHER * 2 + 1 }, (_, index) => trailNamed(`t${1000 + index}`));
  const { batches } = await run({ trails });
  expect(batches.map(({ length }) => length)).toEqual([PUBLISHED_TOGETHER, PUBLISHED_TOGETHER, 1]);
});

test('wrong parameters that only a trail brings to light are wrong for every trail: thrown at once, and not tried again', async () => {
  const trails = [trailNamed('one', { kmsKeyId: KEY_ARN }), trailNamed('two')];
  let asked = 0;
  const key = async () => {
    asked += 1;
    throw new InvalidParameterError('aggregatorName', 'is no aggregator');
  };
  const { error, runs, verdicts } = await run({ trails, overrides: { key } });
  expect(error).toBeInstanceOf(InvalidParameterError);
  expect({ asked, runs, verdicts }).toEqual({ asked: 1, runs: [], verdicts: [] });
});

test('a key that cannot be read live is evaluated from its record, and says when that was', async () => {
  const capturedAt = new Date('2026-11-19T08:00:00Z');
  const key = async (reference: string) => {
    const facts = keyFacts(reference, undefined, { state: 'Disabled' });
    const recorded = <T>(value: T) => ({ read: true as const, value, capturedAt });
    if (!facts.metadata.read || !facts.policy.read) throw new Error('the example is incomplete');
    return { ...facts, metadata: recorded(facts.metadata.value), policy: recorded(facts.policy.value) };
  };
  const published: unknown[] = [];
  await runCentral(
    PARAMETERS,
    TASK,
    () => ({
      ...memoryPorts({ overrides: { key } }),
      recordedTrails: async () => [],
      organizationTrails: async () => read([organization]),
    }),
    { publish: async (some) => void published.push(...some), finish: async () => {} },
  );
  expect(published).toEqual([
    expect.objectContaining({
      source: 'live',
      verdict: expect.objectContaining({
        complianceType: 'NON_COMPLIANT',
        findings: expect.arrayContaining([
          expect.objectContaining({
            check: 'key-usable',
            evidence: expect.objectContaining({ capturedAt: capturedAt.toISOString() }),
          }),
        ]),
      }),
    }),
  ]);
});

// The item of a trail is as old as its last change: a delivery before that settles nothing.
test.each([
  ['2026-11-20T11:00:00Z', 'COMPLIANT'],
  ['2026-11-20T11:58:00Z', 'NON_COMPLIANT'],
])('what a delivery of 11:55 settles of a trail recorded at %s', async (capturedAt, expected) => {
  const trail = trailNamed('one', { kmsKeyId: KEY_ARN, logFileValidation: false });
  const key = async (reference: string) => ({ ...keyFacts(reference), metadata: unread('denied', 'denied') });
  const recordedTrails = async () => [{ ...record(trail), capturedAt: new Date(capturedAt) }];
  const { verdicts } = await run({ overrides: { key, recordedTrails } });
  expect(verdicts).toEqual([`one ${expected}`]);
});

describe('a trail that cannot be read', () => {
  const trails = ['one', 'two', 'three'].map((name) => trailNamed(name));
  const failing = (times: number) => {
    let failures = 0;
    const { trailStatus } = memoryPorts({});
    return {
      trailStatus: async (trail: TrailDescription) => {
        if (trail.name === 'two' && failures++ < times) throw new Error('ThrottlingException');
        return trailStatus(trail);
      },
    };
  };

  test('is tried once more at the end', async () => {
    const { verdicts, error } = await run({ trails, overrides: failing(1) });
    expect(error).toBeNull();
    expect(verdicts.map((verdict) => verdict.split(' ')[0])).toEqual(['one', 'three', 'two']);
  });

  test('keeps no other one from its verdict, and fails the invocation', async () => {
    const { verdicts, error, runs } = await run({ trails, overrides: failing(2) });
    expect(verdicts.map((verdict) => verdict.split(' ')[0])).toEqual(['one', 'three']);
    expect(error).toBeInstanceOf(UnevaluatedTrailsError);
    expect(String(error)).toContain(
      `trails without a verdict: 1, the first is \`${trails[1]?.arn}\`: ThrottlingException`,
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]?.unevaluated).toEqual([
      {
        trailArn: trails[1]?.arn,
        accountId: trails[1]?.accountId,
        isOrganization: false,
        reason: 'ThrottlingException',
      },
    ]);
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

describe('the deadline', () => {
  const trails = ['one', 'two', 'three'].map((name) => trailNamed(name));

  test.each([
    ['while a trail hangs', ['two'], ['one NON_COMPLIANT', 'three NON_COMPLIANT']],
    ['while every trail hangs', ['one', 'three', 'two'], []],
  ])('passes %s: the others are published, and nothing is tried again', async (_, hanging, expected) => {
    const end = new AbortController();
    const asked: string[] = [];
    const { trailStatus } = memoryPorts({});
    const overrides: Partial<CentralPorts> = {
      deadline: end.signal,
      trailStatus: (trail) => {
        asked.push(trail.name);
        if (!hanging.includes(trail.name)) return trailStatus(trail);
        // By turns and not by a clock: the others are evaluated in between, however busy the machine is.
        turns(1_000).then(() => end.abort());
        return new Promise((__, reject) => {
          end.signal.addEventListener('abort', () => reject(new Error(`${trail.name} hung`)));
        });
      },
    };
    const { verdicts, error, run: finished } = await run({ trails, overrides });
    expect(verdicts).toEqual(expected);
    expect(asked).toEqual(['one', 'three', 'two']);
    expect(error).toBeInstanceOf(UnevaluatedTrailsError);
    expect(finished?.unevaluated.map(({ reason }) => reason)).toEqual(hanging.map((name) => `${name} hung`));
  });
});

test('what cannot be published has no verdict, and is not published again: some of the places have it', async () => {
  let published = 0;
  const publish = async () => {
    published += 1;
    throw new Error('Security Hub is down');
  };
  const { run: finished, error } = await run({ trails: [trailNamed('one')], publish });
  expect(published).toBe(1);
  expect(error).toBeInstanceOf(UnevaluatedTrailsError);
  expect(finished?.evaluated.size).toBe(0);
  expect(finished?.unevaluated[0]?.reason).toBe('Security Hub is down');
});

describe('organization trails', () => {
  test('are evaluated with the management account in source and encryption context, first of all', async () => {
    const { verdicts, run: finished } = await run({ trails: [trailNamed('a')], live: [organization] });
    // The policy admits trails of another account only.
    expect(verdicts).toEqual(['all NON_COMPLIANT', 'a NON_COMPLIANT']);
    expect(finished?.organizationTrails).toEqual({ evaluated: [organization.arn], unevaluated: [] });
  });

  test('that nobody shows are without a verdict', async () => {
    const { error, run: finished } = await run({ task: { expectedTrails: [organization.arn] } });
    expect(error).toBeInstanceOf(UnevaluatedTrailsError);
    expect(finished?.organizationTrails).toEqual({ evaluated: [], unevaluated: [organization.arn] });
    expect(finished?.unevaluated[0]?.reason).toContain('neither the aggregator nor CloudTrail');
  });

  test('are the only ones where the others have a rule of their own', async () => {
    const { verdicts } = await run({
      trails: [trailNamed('a')],
      live: [organization],
      task: { organizationTrailsOnly: true, expectedTrails: [organization.arn] },
    });
    expect(verdicts).toEqual(['all NON_COMPLIANT']);
  });

  test('that cannot be listed live are known from the aggregator, and the run says so', async () => {
    const organizationTrails = async () => unread('denied', 'no cloudtrail:DescribeTrails');
    const { verdicts, run: finished } = await run({ trails: [organization], overrides: { organizationTrails } });
    expect(verdicts).toEqual(['all NON_COMPLIANT']);
    expect(finished?.organizationTrailsUnread).toBe('no cloudtrail:DescribeTrails');
  });
});

test('exceptions count, and are handed on', async () => {
  const entry = { trailArn: '*', checks: ['trail-encrypted'], owner: 'me', reason: 'soon', expires: '2026-12-31' };
  const text = JSON.stringify({ version: 1, exceptions: [entry] });
  const { verdicts, run: finished } = await run({
    trails: [trailNamed('one')],
    parameters: { exceptionsParameter: '/trails/' },
    overrides: { exceptionDocuments: async () => [{ name: '/trails/a', text }] },
  });
  expect(verdicts).toEqual(['one NOT_APPLICABLE']);
  expect(finished?.exceptions).toHaveLength(1);
});

describe('nothing is evaluated', () => {
  test('without an aggregator', async () => {
    const { error, runs } = await run({ trails: [trailNamed('one')], parameters: { aggregatorName: '' } });
    expect(error).toBeInstanceOf(InvalidParameterError);
    expect(String(error)).toContain('`aggregatorName` is missing: the trails are listed from a Config aggregator');
    expect(runs).toEqual([]);
  });

  test('when the exceptions do not parse', async () => {
    const exceptionDocuments = async () => [{ name: '/trails/a', text: '{' }];
    const parameters = { exceptionsParameter: '/trails/a' };
    const { error, batches } = await run({
      trails: [trailNamed('one')],
      parameters,
      overrides: { exceptionDocuments },
    });
    expect(error).toBeInstanceOf(InvalidExceptionsError);
    expect(batches).toEqual([]);
  });

  test('when the trails cannot be listed', async () => {
    const recordedTrails = () => Promise.reject(new Error('the aggregator is away'));
    const { error, runs } = await run({ overrides: { recordedTrails } });
    expect(String(error)).toContain('the aggregator is away');
    expect(runs).toEqual([]);
  });
});
