import { READINGS_OF_A_KEY } from '../../src/rule/concurrency.ts';
import { InvalidParameterError, UndeliveredEvaluationsError, UnevaluatedTrailsError } from '../../src/rule/errors.ts';
import { PATIENCE } from '../../src/rule/evaluate/evaluateEach.ts';
import type { Evaluation } from '../../src/rule/evaluate/evaluation.ts';
import type { RulePorts } from '../../src/rule/ports.ts';
import { type RuleResult, runRule } from '../../src/rule/runRule.ts';
import type { KeyFacts, TrailDescription } from '../../src/trail/facts.ts';
import { ACCOUNT, REGION, trailNamed } from './facts.ts';
import { KEY_ARN, keyFacts, type Memory, memoryPorts } from './memoryPorts.ts';

const HEAD = {
  resultToken: 'token',
  accountId: ACCOUNT,
  configRuleArn: `arn:aws:config:${REGION}:${ACCOUNT}:config-rule/config-rule-1`,
  configRuleName: 'rule',
};
const SCHEDULE = {
  ...HEAD,
  invokingEvent: JSON.stringify({
    messageType: 'ScheduledNotification',
    awsAccountId: ACCOUNT,
    notificationCreationTime: '2026-11-20T10:00:05.000Z',
  }),
};
const KEY_CHANGE = {
  ...HEAD,
  invokingEvent: JSON.stringify({
    messageType: 'ConfigurationItemChangeNotification',
    configurationItem: {
      resourceType: 'AWS::KMS::Key',
      resourceId: KEY_ARN.split('/')[1],
      ARN: KEY_ARN,
      awsAccountId: ACCOUNT,
      awsRegion: REGION,
      configurationItemStatus: 'OK',
      configurationItemCaptureTime: '2026-11-20T10:00:00.000Z',
    },
  }),
};

const keyArn = (index: number) => KEY_ARN.replace('1234abcd', String(index).padStart(8, '0'));
/** Those that `isBad` names have a key of their own, the others share one. */
const trails = (count: number, isBad = (_: number) => false): readonly TrailDescription[] =>
  Array.from({ length: count }, (_, index) =>
    trailNamed(`trail-${index}`, { kmsKeyId: isBad(index) ? keyArn(index) : KEY_ARN }),
  );
const arnOf = (index: number) => trails(index + 1)[index]?.arn ?? '';

/** Rejects when the signal aborts, as a request does that hangs; and at once after it. */
const hanging = (signal: AbortSignal) => (): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new Error('no answer until the time was up'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });

/** What AWS Config was told call by call, what was published, and what the invocation failed with. */
async function run(memory: Memory, event: unknown = SCHEDULE, publish: () => Promise<void> = async () => {}) {
  const batches: (readonly string[])[] = [];
  const published: RuleResult[] = [];
  const base = memoryPorts(memory);
  const putEvaluations = async (evaluations: readonly Evaluation[]) => {
    batches.push(evaluations.map(({ ComplianceResourceId }) => ComplianceResourceId));
    return base.putEvaluations(evaluations);
  };
  const options = {
    sleep: async () => {},
    publish: async (result: RuleResult) => {
      published.push(result);
      await publish();
    },
  };
  const error: unknown = await runRule(event, () => ({ ...base, putEvaluations }), options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { ports: base, batches, published, error, sizes: batches.map(({ length }) => length) };
}

/** Trails of which some have a key that is read so. */
const withKeys = (
  count: number,
  isBad: (index: number) => boolean,
  bad: () => Promise<KeyFacts>,
  overrides: Partial<RulePorts> = {},
): Memory => ({
  trails: trails(count, isBad),
  overrides: { ...overrides, key: async (reference) => (reference === KEY_ARN ? keyFacts(reference) : bad()) },
});

const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};

describe('one bad key among 250 trails', () => {
  const deadline = new AbortController();
  const hang = hanging(deadline.signal);

  test.each([
    ['answers 500 for ever', failing('KMS DescribeKey failed: InternalServiceError')],
    ['throttles for ever', failing('KMS DescribeKey failed: ThrottlingException')],
    [
      'hangs',
      () => {
        setTimeout(() => deadline.abort(), 50);
        return hang();
      },
    ],
  ])('%s: it costs its own verdict, and the invocation names its trail', async (_, bad) => {
    const { error, sizes, batches, ports, published } = await run(withKeys(250, (index) => index === 7, bad));
    expect(sizes).toEqual([100, 100, 49]);
    expect(new Set(batches.flat()).size).toBe(249);
    expect(new Set(ports.sent.map(({ ComplianceType }) => ComplianceType))).toEqual(new Set(['COMPLIANT']));
    expect(error).toBeInstanceOf(UnevaluatedTrailsError);
    expect(String(error)).toContain(`trails without a verdict: 1, the first is \`${arnOf(7)}\`: `);
    expect(published).toHaveLength(1);
    expect(published[0]?.verdicts).toHaveLength(249);
    expect(published[0]?.unevaluated.map(({ trailArn }) => trailArn)).toEqual([arnOf(7)]);
  });

  describe('that several trails share', () => {
    /** Every fiftieth trail has it; its first readings fail. */
    const shared = (failures: number) => {
      const asked: string[] = [];
      const some = trails(250).map((trail, index) => (index % 50 === 0 ? { ...trail, kmsKeyId: keyArn(0) } : trail));
      const key = async (reference: string) => {
        if (reference === KEY_ARN) return keyFacts(reference);
        asked.push(reference);
        if (asked.length <= failures) throw new Error(`ThrottlingException ${asked.length}`);
        return keyFacts(reference);
      };
      return { asked, memory: { trails: some, overrides: { key } } };
    };

    test('is asked again twice, and the invocation names each of them', async () => {
      const { asked, memory } = shared(Number.POSITIVE_INFINITY);
      const { error, batches, published } = await run(memory);
      expect(asked).toHaveLength(READINGS_OF_A_KEY);
      expect(batches.flat()).toHaveLength(245);
      const others = [50, 100, 150, 200].map((index) => `\`${arnOf(index)}\``).join(', ');
      expect(String(error)).toContain(
        `trails without a verdict: 5, the first is \`${arnOf(0)}\`: ThrottlingException 1; the others are ${others}`,
      );
      expect(published[0]?.unevaluated.map(({ reason }) => reason)).toEqual(
        [1, 2, 3, 3, 3].map((reading) => `ThrottlingException ${reading}`),
      );
    });

    test.each([
      ['is read by the second trail', 1],
      ['is read by the third trail', 2],
    ])('%s, where it fails no longer, and for all after it', async (_, failures) => {
      const { asked, memory } = shared(failures);
      const { batches, published } = await run(memory);
      expect(asked).toHaveLength(failures + 1);
      expect(batches.flat()).toHaveLength(250 - failures);
      expect(published[0]?.unevaluated).toHaveLength(failures);
    });
  });
});

describe('keys that hang', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'Date'] }));
  afterEach(() => jest.useRealTimers());

  /** Lets time pass until nothing happens any more. */
  async function pass(milliseconds: number) {
    for (let passed = 0; passed < milliseconds; passed += PATIENCE) {
      await jest.advanceTimersByTimeAsync(PATIENCE);
      for (let turns = 0; turns < 300; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  test('a hundred of them, listed first, keep no other trail from its verdict', async () => {
    const deadline = new AbortController();
    const running = run(withKeys(250, (index) => index < 100, hanging(deadline.signal), { deadline: deadline.signal }));
    await pass(42_000);
    deadline.abort(new Error('the time is up'));
    const { error, sizes, batches } = await running;
    expect(sizes).toEqual([100, 50]);
    expect(batches.flat()).toEqual(
      trails(250)
        .slice(100)
        .map(({ name }) => name),
    );
    expect(String(error)).toContain('trails without a verdict: 100, ');
    expect(String(error)).toMatch(/ and 50 more$/);
  });
});

describe('the deadline', () => {
  /** A key whose evaluation keeps the processor busy; `start` is called when it starts. */
  const heavy = (reference: string, start: () => void): KeyFacts => {
    const { metadata, ...facts } = keyFacts(reference);
    let isStarted = false;
    return {
      ...facts,
      // The checks alone look at it.
      get metadata() {
        if (!isStarted) {
          isStarted = true;
          start();
          const until = performance.now() + 10;
          while (performance.now() < until);
        }
        return metadata;
      },
    };
  };

  test('passes between two trails that keep the processor busy: what was evaluated is sent', async () => {
    const deadline = new AbortController();
    let started = 0;
    const key = async (reference: string) =>
      heavy(reference, () => {
        started += 1;
        // Due before this evaluation is over.
        if (started === 3) setTimeout(() => deadline.abort(new Error('the time is up')), 1);
      });
    const overrides = { key, deadline: deadline.signal };
    const { error, batches } = await run({ trails: trails(40, () => true), overrides });
    expect(batches.flat()).toEqual(['trail-0', 'trail-1', 'trail-2']);
    expect(error).toBeInstanceOf(UnevaluatedTrailsError);
    expect(String(error)).toContain(`37, the first is \`${arnOf(3)}\`: the time is up; the others are `);
    for (let index = 4; index < 40; index += 1) expect(String(error)).toContain(`\`${arnOf(index)}\``);
  });

  test('that has passed leaves nothing to read, and earlier results have time of their own', async () => {
    const { error, ports, batches } = await run({
      trails: trails(3),
      reported: ['gone'],
      overrides: { deadline: AbortSignal.abort(new Error('the time is up')) },
    });
    expect(ports.calls).toEqual(['listTrails', 'reportedResources', 'putEvaluations']);
    expect(batches).toEqual([['gone']]);
    expect(String(error)).toContain('trails without a verdict: 3, ');
  });
});

describe('earlier results', () => {
  test.each([
    ['cannot be listed', (_: AbortSignal) => failing('GetComplianceDetailsByConfigRule failed')],
    ['hang until their time is up', (signal: AbortSignal) => hanging(signal)],
  ])('that %s: asked for when every verdict was sent, and the invocation fails', async (_, listing) => {
    const slice = new AbortController();
    const sentBefore: number[] = [];
    const memory = memoryPorts({});
    const reportedResources = () => {
      sentBefore.push(sent.length);
      setImmediate(() => slice.abort());
      return listing(slice.signal)();
    };
    const sent: string[] = [];
    const { error, published, sizes } = await run({
      trails: trails(150),
      overrides: {
        reportedResources,
        putEvaluations: async (evaluations) => {
          sent.push(...evaluations.map(({ ComplianceResourceId }) => ComplianceResourceId));
          return memory.putEvaluations(evaluations);
        },
      },
    });
    expect(sentBefore).toEqual([150]);
    expect(sizes).toEqual([100, 50]);
    expect(published[0]?.verdicts).toHaveLength(150);
    expect(String(error)).toMatch(/GetComplianceDetailsByConfigRule failed|no answer until the time was up/);
  });
});

describe('AWS Config', () => {
  /** The second of three batches. */
  const ofSecondBatch = ({ ComplianceResourceId }: Evaluation) => /^trail-1\d\d$/.test(ComplianceResourceId);

  test.each([
    [
      'refuses a batch',
      async (evaluations: readonly Evaluation[]) => evaluations.filter(ofSecondBatch),
      'AWS Config did not take 100 evaluations in 4 attempts, the first is of `trail-100`',
      6,
    ],
    [
      'cannot be told a batch',
      async (evaluations: readonly Evaluation[]) => {
        if (evaluations.some(ofSecondBatch)) throw new Error('Config PutEvaluations failed: TimeoutError');
        return [];
      },
      'AWS Config did not take 100 evaluations, the first is of `trail-100`: Config PutEvaluations failed: TimeoutError',
      3,
    ],
  ])('%s: the others are sent, and published alone', async (_, putEvaluations, message, calls) => {
    const { error, batches, published } = await run({ trails: trails(250), overrides: { putEvaluations } });
    expect(error).toBeInstanceOf(UndeliveredEvaluationsError);
    expect(String(error)).toContain(message);
    expect(batches).toHaveLength(calls);
    const names = published[0]?.evaluations.map(({ ComplianceResourceId }) => ComplianceResourceId);
    expect(names).toEqual(
      trails(250)
        .map(({ name }) => name)
        .filter((name) => !/^trail-1\d\d$/.test(name)),
    );
    expect(published[0]?.verdicts).toHaveLength(150);
  });
});

test('a change of a key: a trail that cannot be read keeps no other one of the key from its verdict', async () => {
  const some = trails(3).map((trail) => ({ ...trail, kmsKeyId: KEY_ARN }));
  const memory = memoryPorts({});
  const trailStatus = async (trail: TrailDescription) => {
    if (trail.name === 'trail-1') throw new Error('ThrottlingException');
    return memory.trailStatus(trail);
  };
  const { error, batches } = await run({ trails: some, overrides: { trailStatus } }, KEY_CHANGE);
  expect(batches).toEqual([['trail-0', 'trail-2']]);
  expect(String(error)).toContain(`trails without a verdict: 1, the first is \`${arnOf(1)}\`: ThrottlingException`);
});

test('wrong parameters that only a trail brings to light are thrown as they are', async () => {
  const error = new InvalidParameterError('aggregatorName', 'is no aggregator');
  const bad = () => Promise.reject(error);
  expect(await run(withKeys(3, () => true, bad))).toMatchObject({ error, batches: [] });
});

test('everything that went wrong is in the error, and what cannot be published too', async () => {
  const memory = withKeys(3, (index) => index === 1, failing('no key'), { reportedResources: failing('no list') });
  const { error, batches } = await run(memory, SCHEDULE, failing('no Security Hub'));
  expect(batches).toEqual([['trail-0', 'trail-2']]);
  expect(error).toBeInstanceOf(AggregateError);
  expect(error).toMatchObject({
    message: `trails without a verdict: 1, the first is \`${arnOf(1)}\`: no key; no list; no Security Hub`,
    errors: [expect.any(UnevaluatedTrailsError), expect.any(Error), expect.any(Error)],
  });
});
