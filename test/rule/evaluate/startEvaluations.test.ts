import {
  RulesNotStartedError,
  type StartOutcome,
  type StartPorts,
  startEvaluations,
} from '../../../src/rule/evaluate/startEvaluations.ts';
import { ACCOUNT, REGION, trailNamed } from '../facts.ts';
import { KEY_ARN } from '../memoryPorts.ts';

const KEY = { accountId: ACCOUNT, region: REGION, keyId: KEY_ARN.split('/')[1] ?? '' };
const OTHER = '222233334444';
const trails = [
  trailNamed('one', { kmsKeyId: KEY_ARN }),
  trailNamed('two', { kmsKeyId: KEY_ARN }),
  trailNamed('elsewhere', { kmsKeyId: KEY_ARN, accountId: OTHER, homeRegion: 'eu-west-1' }),
  trailNamed('alias', { kmsKeyId: 'alias/trail', accountId: OTHER }),
  trailNamed('not', { kmsKeyId: null, accountId: '333344445555' }),
];

/** Starts with the outcomes of a place, one after the other; the last one for ever. */
async function start(
  outcomes: Readonly<Record<string, readonly (StartOutcome | Error)[]>>,
  listed = trails,
  stores?: StartPorts['eventDataStores'],
) {
  const calls: string[] = [];
  const pauses: number[] = [];
  const work = startEvaluations(
    KEY,
    {
      trails: async () => listed,
      ...(stores && { eventDataStores: stores }),
      startEvaluation: async ({ accountId, region }) => {
        const place = `${accountId} ${region}`;
        const before = calls.filter((call) => call === place).length;
        calls.push(place);
        const inTurn = outcomes[place] ?? ['started'];
        const outcome = inTurn[Math.min(before, inTurn.length - 1)] ?? 'started';
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    },
    async (milliseconds) => {
      pauses.push(milliseconds);
    },
  );
  return { places: await work.catch((error: unknown) => error), calls, pauses };
}

const HERE = `${ACCOUNT} ${REGION}`;
const THERE = `${OTHER} eu-west-1`;

test('each place of a trail that uses the key is started once', async () => {
  const { places, calls, pauses } = await start({});
  expect(calls).toEqual([HERE, THERE]);
  expect(places).toEqual([
    { accountId: ACCOUNT, region: REGION, outcome: 'started', error: null },
    { accountId: OTHER, region: 'eu-west-1', outcome: 'started', error: null },
  ]);
  expect(pauses).toEqual([]);
});

describe('event data stores', () => {
  const store = (kmsKeyId: string | null) => ({
    ...trailNamed('store', { kmsKeyId, accountId: '555566667777', homeRegion: 'eu-central-1' }),
    eventDataStore: { unread: null },
  });

  test('that use the key have their place started, too', async () => {
    const { calls } = await start({}, trails, async () => [store(KEY_ARN), store(null)]);
    expect(calls).toEqual([HERE, THERE, '555566667777 eu-central-1']);
  });

  test('that cannot be listed keep no trail from being evaluated, and the invocation fails', async () => {
    const { calls, places } = await start({}, trails, () => Promise.reject(new Error('throttled')));
    expect(calls).toEqual([HERE, THERE]);
    expect(places).toEqual(new Error('throttled'));
  });
});

test('a key that no trail uses starts nothing', async () => {
  expect(await start({}, trails.slice(3))).toEqual({ places: [], calls: [], pauses: [] });
});

test('a place that is busy is started after more than a minute, and no other one with it', async () => {
  const { places, calls, pauses } = await start({ [HERE]: ['busy', 'started'] });
  expect(calls).toEqual([HERE, THERE, HERE]);
  expect(pauses).toEqual([65_000]);
  expect(places).toHaveLength(2);
});

test('a place without a rule is told', async () => {
  const { places } = await start({ [THERE]: ['no-rule'] });
  expect(places).toContainEqual({ accountId: OTHER, region: 'eu-west-1', outcome: 'no-rule', error: null });
});

test.each([
  ['stays busy', ['busy' as const], 3, `${HERE.replace(' ', ' in ')} (still evaluating)`],
  ['fails', [new Error('denied')], 1, `${HERE.replace(' ', ' in ')} (denied)`],
])('a place that %s is an error, after the others were started', async (_, outcomes, times, named) => {
  const { places, calls } = await start({ [HERE]: outcomes });
  expect(calls.filter((call) => call === HERE)).toHaveLength(times);
  expect(places).toBeInstanceOf(RulesNotStartedError);
  expect(String(places)).toBe(`RulesNotStartedError: the rule was not started everywhere: ${named}`);
  expect(calls).toContain(THERE);
});
