import { RESULT_COLUMNS } from '../../../scripts/docs/resultsTable.ts';
import { type Results, resultPublisher } from '../../../src/handlers/shared/results.ts';
import { parseBaseline } from '../../../src/report/baseline.ts';
import { jsonLines } from '../../../src/report/jsonLines.ts';
import { trailReport } from '../../../src/report/trailReport.ts';
import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import type { CentralVerdict } from '../../../src/rule/central/evaluateListed.ts';
import type { TrailVerdict } from '../../../src/rule/evaluate/evaluation.ts';
import { textOf } from '../../report/estate.ts';
import { ABOUT, report } from '../../report/example.ts';
import { trailFacts, trailNamed } from '../../rule/facts.ts';
import { failing, TRAIL_ARN, verdict } from '../support/verdicts.ts';

const evaluatedAt = new Date('2026-11-20T23:59:00Z');
const RUN = '5f0f3c2e-0000-4000-8000-000000000001';

/** A bucket, and what it was handed. */
function bucket() {
  const kept = new Map<string, readonly string[]>();
  const results: Results = {
    write: async (key, lines) => {
      kept.set(key, lines);
    },
  };
  const lines = () => [...kept.values()].flat().map((line) => JSON.parse(line) as Record<string, unknown>);
  return { kept, results, lines };
}

const reached = (...verdicts: readonly TrailVerdict[]): readonly CentralVerdict[] =>
  verdicts.map((one) => ({ verdict: one, source: 'home', capturedAt: null }));
const named = (name: string) => verdict({ trail: trailFacts(trailNamed(name), evaluatedAt) });
const without = (trailArn: string | null): CentralRun =>
  ({ unevaluated: [{ trailArn, accountId: '111122223333', isOrganization: false, reason: 'throttled' }] }) as never;

it('writes a batch under its day and run', async () => {
  const { kept, results } = bucket();
  await resultPublisher(results, { run: RUN, evaluatedAt }).publish(reached(failing(), named('other')));
  const [key] = [...kept.keys()];
  expect(key).toMatch(new RegExp(`^results/date=2026-11-20/run=${RUN}/part-[0-9a-f]{16}\\.jsonl$`));
  expect(kept.get(key ?? '')).toHaveLength(2);
});

it('an event data store has a line of its own, and a part that no other one takes', async () => {
  const store = (id: string) => {
    const arn = `arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/${id}`;
    return verdict({
      trail: { ...trailFacts(trailNamed('lake'), evaluatedAt), arn, eventDataStore: { unread: null } },
    });
  };
  const { kept, results, lines } = bucket();
  const publisher = resultPublisher(results, { run: RUN, evaluatedAt });
  await publisher.publish(reached(store('one')));
  await publisher.publish(reached(store('two')));
  expect(kept.size).toBe(2);
  expect(lines().map(({ trailArn, eventDataStoreArn }) => [trailArn, String(eventDataStoreArn).split('/')[1]])).toEqual(
    [
      [null, 'one'],
      [null, 'two'],
    ],
  );
  const columns = new Set(RESULT_COLUMNS.map(([name]) => name));
  expect(lines().flatMap((line) => Object.keys(line).filter((name) => !columns.has(name)))).toEqual([]);
  expect(parseBaseline(lines())?.beside.size).toBe(2);
});

it('a line is that of `--format jsonl`, with the run and the time of this one', async () => {
  const { kept, results } = bucket();
  await resultPublisher(results, { run: RUN, evaluatedAt }).publish(reached(failing()));
  const [written = ''] = [...kept.values()].flat();
  const printed = await textOf(jsonLines({ ...report(trailReport(failing())), ...ABOUT }));
  const line = JSON.parse(written);
  expect(Object.keys(line)).toEqual(Object.keys(JSON.parse(printed)));
  const { run, evaluatedAt: at, factsAt, tool } = line;
  expect({ run, at, factsAt }).toEqual({ run: RUN, at: '2026-11-20T23:59:00.000Z', factsAt: null });
  expect({ ...JSON.parse(printed), run, evaluatedAt: at, factsAt, tool }).toEqual(line);
  expect(written.indexOf('\n')).toBe(written.length - 1);
});

it('trails without a verdict have a line that says why, and no standing', async () => {
  const { results, lines } = bucket();
  await resultPublisher(results, { run: RUN, evaluatedAt }).finish(without(TRAIL_ARN));
  expect(lines()).toEqual([
    expect.objectContaining({
      run: RUN,
      trailArn: TRAIL_ARN,
      accountId: '111122223333',
      region: 'us-east-1',
      standing: null,
      reason: 'throttled',
    }),
  ]);
});

const STORE = 'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/one';
it.each([
  ['one', STORE, 'us-east-1'],
  ['all of them', 'arn:*:cloudtrail:*:*:eventdatastore/*', null],
])('event data stores without a verdict have their ARN where those with one have it: %s', async (_, arn, region) => {
  const { results, lines } = bucket();
  await resultPublisher(results, { run: RUN, evaluatedAt }).finish(without(arn));
  expect(lines()).toEqual([expect.objectContaining({ trailArn: null, eventDataStoreArn: arn, region })]);
});

it('a trail that is not even named has one, too', async () => {
  const { results, lines } = bucket();
  await resultPublisher(results, { run: RUN, evaluatedAt }).finish(without(null));
  expect(lines()).toEqual([expect.objectContaining({ trailArn: null, region: null })]);
});

it('writes nothing where there is nothing', async () => {
  const { kept, results } = bucket();
  const publisher = resultPublisher(results, { run: RUN, evaluatedAt });
  await publisher.publish([]);
  await publisher.finish({ unevaluated: [] } as never);
  expect(kept.size).toBe(0);
});

describe('an invocation that is tried again', () => {
  const attempt = (results: Results, minutes: number) =>
    resultPublisher(results, { run: RUN, evaluatedAt: new Date(evaluatedAt.getTime() - 600_000 + minutes * 60_000) });

  it('replaces the part of the same trails', async () => {
    const { kept, results } = bucket();
    await attempt(results, 0).publish(reached(named('one'), named('two')));
    await attempt(results, 5).publish(reached(named('one'), named('two')));
    expect([...kept.values()].flat()).toHaveLength(2);
  });

  it('loses no verdict of other batches, nor one to a line without', async () => {
    const { kept, results, lines } = bucket();
    await attempt(results, 0).publish(reached(named('one'), named('two')));
    await attempt(results, 0).publish(reached(named('three')));
    await attempt(results, 5).publish(reached(named('one'), named('three')));
    await attempt(results, 5).finish(without(named('two').trail.arn));
    await attempt(results, 9).finish(without(named('three').trail.arn));
    expect(kept.size).toBe(5);
    const baseline = parseBaseline(lines());
    expect([...(baseline?.trails.keys() ?? [])].sort()).toEqual(['one', 'three', 'two'].map((n) => named(n).trail.arn));
  });
});
