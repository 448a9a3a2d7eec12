import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import type { ReaderDryRun } from '../../src/trail/facts.ts';
import { trailCases } from '../caseFiles.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const ID = 'required-readers-can-decrypt';
const CASES: readonly TrailCase[] = trailCases(`trail/checks/${ID}.json`);

const statusOf = (given: TrailCase) =>
  evaluateTrail(trailFacts(given), keyFacts(given), checkOptions(given)).find(({ check }) => check === ID)?.status;

const TRIALS = (['allowed', 'denied', 'open'] as const).flatMap((outcome) =>
  ([null, 'resource', 'rcp', 'identity', 'scp'] as const).map((deniedBy) => ({ outcome, deniedBy })),
);

test.each(TRIALS)('a trial that is $outcome ($deniedBy) turns no definite answer', (trial) => {
  const definite = CASES.filter(
    ({ expect: { [ID]: status }, readerDryRuns }) => status !== 'unknown' && !readerDryRuns,
  );
  expect(definite.length).toBeGreaterThan(10);
  for (const given of definite) {
    const readers = given.options?.requiredReaders ?? [];
    const readerDryRuns = readers.map((roleArn): ReaderDryRun => ({ roleArn, reason: 'why', ...trial }));
    expect([given.name, statusOf({ ...given, readerDryRuns })]).toEqual([given.name, given.expect[ID]]);
  }
});
