import { runs } from '../runs.ts';
import { answersOf } from './answers.ts';
import { generate } from './generate.ts';
import { JUDGED, type JudgedCheck } from './judge.ts';

/** The first snapshots in `npm test`, all of them in `npm run test:deep`; `JUDGE_FROM` and `JUDGE_COUNT` judge others. */
const FROM = Number(process.env.JUDGE_FROM ?? 1);
const COUNT = Number(process.env.JUDGE_COUNT ?? runs(2_000));

/** Answers of src that are `unknown` where the judge has one, and judgements that stopped at the most worlds. */
const MOST_NEEDLESS = 0.002;
const MOST_UNSURE = 0.005;

const CHECKS = Object.keys(JUDGED) as readonly JudgedCheck[];

test(`a brute-force judge agrees with every check on ${COUNT} generated snapshots`, () => {
  const seen = new Map(CHECKS.map((check) => [check, new Set<string>()]));
  const contradictions: string[] = [];
  let needless = 0;
  let unsure = 0;
  for (let seed = FROM; seed < FROM + COUNT; seed += 1) {
    const snapshot = generate(seed);
    const answers = answersOf(snapshot);
    for (const check of CHECKS) {
      const { status, isSure, why } = JUDGED[check](snapshot);
      const answer = answers.get(check);
      seen.get(check)?.add(status);
      if (!isSure) unsure += 1;
      if (answer?.status === status) continue;
      if (answer?.status === 'unknown') needless += Number(isSure);
      else if (isSure)
        contradictions.push(`seed ${seed}, ${check}: ${answer?.status} (${answer?.message}), but ${status} (${why})`);
    }
  }
  expect(contradictions).toEqual([]);
  const asked = COUNT * CHECKS.length;
  expect(needless / asked).toBeLessThan(MOST_NEEDLESS);
  expect(unsure / asked).toBeLessThan(MOST_UNSURE);
  for (const [check, statuses] of seen) expect([check, ...statuses]).toEqual(expect.arrayContaining(['pass', 'fail']));
  console.info(`${asked} answers, ${needless} unknown where the judge is sure, ${unsure} unsure`);
});
