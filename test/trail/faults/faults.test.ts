// Slow: `npm run quick` leaves it out.
import { textExplanation } from '../../../src/report/explanation.ts';
import { verdictOf } from '../../../src/rule/evaluate/verdict.ts';
import { parseExceptions } from '../../../src/rule/exceptions/exceptions.ts';
import { parseParameters } from '../../../src/rule/parameters.ts';
import { evaluateTrail } from '../../../src/trail/evaluateTrail.ts';
import { explainTrail } from '../../../src/trail/explainTrail.ts';
import { someOf } from '../../runs.ts';
import { AS_OF, checkOptions, keyFacts, type TrailCase, trailFacts } from '../cases.ts';
import { FAULTS } from './kinds.ts';
import { type Change, faulty, PLACES } from './policies.ts';

/** Where a person reads what is wrong, and the share of the faults that has to be named there. */
const GOALS = { annotation: 0.95, finding: 0.97, explanation: 0.98 } as const;
type Told = Readonly<Record<keyof typeof GOALS, string>>;

function told(given: TrailCase): Told {
  const [trail, key, options] = [trailFacts(given), keyFacts(given)!, checkOptions(given)];
  const findings = evaluateTrail(trail, key, options);
  const noExceptions = parseExceptions('{"version":1,"exceptions":[]}', AS_OF);
  const verdict = verdictOf(trail, key, findings, parseParameters({}), noExceptions);
  const requests = explainTrail(trail, key, options);
  const lines = textExplanation([{ verdict: { ...verdict, annotation: '' }, requests }], { colour: false, width: 100 });
  return {
    annotation: verdict.annotation,
    finding: findings.find(({ check }) => check === 'cloudtrail-can-encrypt')!.message,
    explanation: firstBlock([...lines].join('')),
  };
}

/** The request that is told first: its answer, why, and the two statements that are told first. */
function firstBlock(text: string): string {
  const [answer, ...statements] = (text.split('\n\n')[1] ?? '').split(/\n {4}(?=Allow|Deny|resource)/);
  return [answer, ...statements.slice(0, 2)].join(' ').replace(/\s+/g, ' ');
}

/** Each fault in every partition, and in `npm test` in two of them. */
const ALL = FAULTS.flatMap(({ kind, change, words }, index) =>
  someOf([...PLACES.slice(index % PLACES.length), ...PLACES.slice(0, index % PLACES.length)], 2).map((at) => ({
    kind,
    at,
    words: words(at),
    told: told(faulty(at, change(at))),
  })),
);

test('the policy that AWS publishes is healthy in every partition', () => {
  const healthy: Change = {};
  for (const at of PLACES) {
    const { finding } = told(faulty(at, healthy));
    expect([at.partition, finding]).toEqual([
      at.partition,
      expect.stringContaining('CloudTrail may kms:GenerateDataKey'),
    ]);
  }
});

test('the table holds at least 60 kinds of fault, each once', () => {
  expect(new Set(FAULTS.map(({ kind }) => kind)).size).toBe(FAULTS.length);
  expect(FAULTS.length).toBeGreaterThanOrEqual(60);
});

test.each(Object.entries(GOALS))('the %s names at least %d of the faults', (where, goal) => {
  const missed = ALL.flatMap(({ kind, at, words, told: { [where as keyof Told]: text } }) => {
    const missing = words.filter((word) => !text.includes(word));
    return missing.length === 0 ? [] : [`${at.partition}, ${kind}: no ${missing.join(', no ')} in: ${text}`];
  });
  const rate = 1 - missed.length / ALL.length;
  process.stdout.write(
    `${where}: ${(rate * 100).toFixed(1)} % of ${ALL.length} faults (${FAULTS.length} kinds) named\n`,
  );
  if (process.env.SHOW_MISSED === '1') process.stdout.write(`${missed.join('\n')}\n`);
  expect(rate < goal ? missed : []).toEqual([]);
});

test('no statement that is as AWS publishes it is blamed', () => {
  const healthy = [
    'Enable IAM User Permissions',
    'Allow CloudTrail to describe key',
    'Allow principals in the account',
  ];
  const blamed = ALL.filter(({ told: { annotation, finding } }) =>
    healthy.some((sid) => `${annotation} ${finding}`.includes(sid)),
  );
  expect(blamed.map(({ kind, told: { finding } }) => [kind, finding])).toEqual([]);
});

test('an annotation stays within its 256 characters', () => {
  expect(ALL.filter(({ told: { annotation } }) => annotation.length > 256)).toEqual([]);
});
