import fc from 'fast-check';
import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { AccessRequest, KeyState } from '../../src/policy/request.ts';
import { unknown } from '../../src/policy/request.ts';
import { runs } from '../runs.ts';
import { bareStatement, conditions, KEY_ARN, policyOf, SERVICE, stateOf, textOver } from './arbitraries.ts';
import { type PolicyDocument, referenceAnswer, type Value } from './reference.ts';

/**
 * Brute force over two keys, either of which policy variables may stand for: every pair of values over a small alphabet is
 * tried by the naive reading. A definite answer may have no exception among them, and each witness gives its answer.
 */

const who: Pick<AccessRequest, 'principal' | 'action' | 'resource'> = {
  principal: { service: SERVICE },
  action: 'kms:Decrypt',
  resource: KEY_ARN,
};

const KEYS = ['k', 'v'] as const;

const texts = (length: number): string[] =>
  length === 0
    ? ['']
    : [...new Set([...texts(length - 1), ...texts(length - 1).flatMap((text) => [`${text}a`, `${text}b`])])];
/** Values of one character more than any literal of a policy, the plain ones first. */
const VALUES: readonly Value[] = [null, ...texts(3).filter((text) => text !== ''), 'A', 'x'];

const variable = (inside: string): string => `$\{${inside}}`;
const values = fc.oneof(
  { weight: 2, arbitrary: textOver('ab', 2, 1) },
  { weight: 1, arbitrary: textOver('ab*?', 2, 1) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '', 'a', '*', 'a*'),
        fc.constantFrom(...KEYS),
        fc.constantFrom('', '', '', 'b', '*', '?'),
      )
      .map(([before, key, after]) => `${before}${variable(key)}${after}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      variable("v, 'a'"),
      variable("v, 'ab'"),
      variable("k, 'ab'"),
      `${variable('k')}${variable('v')}`,
    ),
  },
);

const OPERATORS = [
  'StringEquals',
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringEqualsIfExists',
];

const condition = fc.tuple(
  fc.constantFrom(...OPERATORS),
  fc.constantFrom(...KEYS),
  fc.array(values, { minLength: 1, maxLength: 2 }),
);
const policies = policyOf(bareStatement(conditions(condition, 2)), 3);

interface State {
  readonly state: KeyState;
  readonly allows: (value: Value) => boolean;
}

const states: fc.Arbitrary<State> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ state: unknown, allows: () => true }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...VALUES)
      .map((value) => ({ state: stateOf(value), allows: (one: Value) => one === value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.uniqueArray(textOver('ab', 2, 1), { minLength: 1, maxLength: 2 }), fc.boolean())
      .map(([listed, orAbsent]) => ({
        state: { is: 'constrained' as const, matching: listed, outside: [], orAbsent },
        allows: (one: Value) => (one === null ? orAbsent : listed.includes(String(one))),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(textOver('ab', 2, 1), { minLength: 1, maxLength: 2 }).map((outside) => ({
      state: { is: 'constrained' as const, matching: [], outside, orAbsent: false },
      allows: (one: Value) => one !== null && !outside.includes(String(one)),
    })),
  },
);

function decide(document: PolicyDocument, k: KeyState, v: KeyState, ties: AccessRequest['ties'] = []) {
  const parsed = parseKeyPolicy(document);
  if (!parsed.valid) throw new Error(parsed.error);
  return authorize(parsed.policy, { ...who, context: { k, v }, otherKeys: 'absent', ties });
}

const answersOf = (document: PolicyDocument, k: readonly Value[], v: readonly Value[]): ReadonlySet<string> =>
  new Set(k.flatMap((one) => v.map((two) => referenceAnswer(document, who, { k: one, v: two }))));

const RUNS = runs(10_000, 1 / 30);

test(`variables of two keys (${RUNS} runs)`, () => {
  let decided = 0;
  fc.assert(
    fc.property(policies, states, states, (document, k, v) => {
      const { outcome, witnesses, reason } = decide(document, k.state, v.state);
      if (outcome === 'unknown') {
        for (const side of ['allowed', 'denied'] as const) {
          const world = witnesses?.[side];
          if (!world) continue;
          const known = {
            k: k.state.is === 'present' ? k.state.value : null,
            v: v.state.is === 'present' ? v.state.value : null,
          };
          expect(referenceAnswer(document, who, { ...known, ...world })).toBe(side);
        }
        if (reason === null) decided += 1;
        return;
      }
      decided += 1;
      expect([...answersOf(document, VALUES.filter(k.allows), VALUES.filter(v.allows))]).toEqual([outcome]);
    }),
    { numRuns: RUNS },
  );
  // The engine would be right if it never answered.
  expect(decided).toBeGreaterThan(RUNS * 0.8);
});

const TIED_RUNS = runs(2_500);

test(`a key and one that always has its value (${TIED_RUNS} runs)`, () => {
  fc.assert(
    fc.property(policies, (document) => {
      const { outcome } = decide(document, unknown, unknown, [['k', 'v']]);
      if (outcome === 'unknown') return;
      const answers = new Set(VALUES.map((value) => referenceAnswer(document, who, { k: value, v: value })));
      expect([...answers]).toEqual([outcome]);
    }),
    { numRuns: TIED_RUNS },
  );
});
