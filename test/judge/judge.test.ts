import { runs } from '../runs.ts';
import { answersOf } from './answers.ts';
import { generate } from './generate.ts';
import { JUDGED, type JudgedCheck, type Status } from './judge.ts';

/** The first snapshots in `npm test`, all of them in `npm run test:deep`; `JUDGE_FROM` and `JUDGE_COUNT` judge others. */
const FROM = Number(process.env.JUDGE_FROM ?? 1);
const COUNT = Number(process.env.JUDGE_COUNT ?? runs(4_000, 1 / 20));

/** Answers of src that are `unknown` where the judge has one, and judgements that stopped at the most worlds. */
const MOST_NEEDLESS = 0.002;
const MOST_UNSURE = 0.005;

interface Tally extends Record<Status, number> {
  /** `unknown` of src where the judge is sure. */
  needless: number;
  /** Not all worlds were tried. */
  unsure: number;
}

const CHECKS = Object.keys(JUDGED) as readonly JudgedCheck[];

test(`a brute-force judge agrees with every check on ${COUNT} generated snapshots`, () => {
  const tallies = new Map<JudgedCheck, Tally>();
  const contradictions: string[] = [];
  for (const check of CHECKS)
    tallies.set(check, { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, needless: 0, unsure: 0 });
  for (let seed = FROM; seed < FROM + COUNT; seed += 1) {
    const snapshot = generate(seed);
    const answers = answersOf(snapshot);
    for (const [check, tally] of tallies) {
      const { status, isSure, why } = JUDGED[check](snapshot);
      const answer = answers.get(check);
      tally[status] += 1;
      if (!isSure) tally.unsure += 1;
      else if (answer?.status === 'unknown') tally.needless += Number(status !== 'unknown');
      else if (answer?.status !== status)
        contradictions.push(`seed ${seed}, ${check}: ${answer?.status} (${answer?.message}), but ${status} (${why})`);
    }
  }
  if (COUNT > 1_000) console.table(Object.fromEntries(tallies));
  expect(contradictions).toEqual([]);
  const share = (of: 'needless' | 'unsure') =>
    [...tallies.values()].reduce((sum, tally) => sum + tally[of], 0) / (COUNT * CHECKS.length);
  expect(share('needless')).toBeLessThan(MOST_NEEDLESS);
  expect(share('unsure')).toBeLessThan(MOST_UNSURE);
  // A check that the snapshots never bring to pass and to fail would not be judged.
  expect([...tallies].filter(([, { pass, fail }]) => pass === 0 || fail === 0)).toEqual([]);
});
