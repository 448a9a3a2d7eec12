import fc from 'fast-check';
import { authorize } from '../../src/policy/authorize.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { AccessRequest, KeyState } from '../../src/policy/request.ts';
import { unknown } from '../../src/policy/request.ts';
import { runs } from '../runs.ts';
import { bareStatement, conditionOn, conditions, KEY_ARN, policyOf, SERVICE, textOver } from './arbitraries.ts';
import { type PolicyDocument, referenceAnswer, type Value } from './reference.ts';

/**
 * Brute force over one unknown key: every value over a small alphabet is tried by the naive reading. A definite answer
 * may have no exception among them, worlds that differ must be found to differ, and what the engine cannot enumerate it
 * has to prove: in these fragments it never gives up.
 */

const who: Pick<AccessRequest, 'principal' | 'action' | 'resource'> = {
  principal: { service: SERVICE },
  action: 'kms:Decrypt',
  resource: KEY_ARN,
};

function textsOver(alphabet: readonly string[], length: number): string[] {
  if (length === 0) return [''];
  const shorter = textsOver(alphabet, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => alphabet.map((character) => text + character))];
}

const nonEmpty = (texts: readonly string[]): string[] => texts.filter((text) => text !== '');

const pairsOf = (texts: readonly string[]): string[][] =>
  texts.flatMap((first, index) => [[first], ...texts.slice(index + 1).map((second) => [first, second])]);

function verify(document: PolicyDocument, key: string, state: KeyState, values: readonly Value[]): void {
  const parsed = parseKeyPolicy(document);
  if (!parsed.valid) throw new Error(parsed.error);
  const { outcome, witnesses, reason } = authorize(parsed.policy, {
    ...who,
    context: { [key]: state },
    otherKeys: 'absent',
  });
  expect(reason).toBeNull();
  const answers = new Set(values.map((value) => referenceAnswer(document, who, { [key]: value })));
  if (outcome !== 'unknown') {
    expect([...answers]).toEqual([outcome]);
    return;
  }
  const [allowed, denied] = [witnesses?.allowed?.[key], witnesses?.denied?.[key]];
  expect(referenceAnswer(document, who, { [key]: allowed ?? null })).toBe('allowed');
  expect(referenceAnswer(document, who, { [key]: denied ?? null })).toBe('denied');
}

interface Fragment {
  readonly name: string;
  readonly key: string;
  readonly values: readonly Value[];
  readonly policies: number;
}

const FRAGMENTS: readonly Fragment[] = [
  {
    name: 'texts',
    key: 'text:one',
    values: nonEmpty(textsOver(['a', 'b', 'A'], 4)),
    policies: 1_500,
  },
  { name: 'sets of texts', key: 'set:many', values: pairsOf(nonEmpty(textsOver(['a', 'b', 'A'], 2))), policies: 600 },
  {
    name: 'ARNs',
    key: 'arn:source',
    values: [
      ...nonEmpty(textsOver(['a', ':'], 3)),
      ...textsOver(['a', 'b'], 1).flatMap((account) =>
        textsOver(['a', 'b', ':'], 2).map((name) => `arn:p:s:r:${account}:${name}`),
      ),
    ],
    policies: 1_000,
  },
  {
    name: 'numbers',
    key: 'number:n',
    values: ['-1', '0', '0.5', '1', '1.5', '2', '2.2', '2.5', '3', '10', '11'],
    policies: 1_000,
  },
  {
    name: 'dates',
    key: 'date:d',
    values: [
      '2025-12-31',
      '2026-01-01',
      '2026-01-01T00:00:00.5Z',
      '2026-01-01T00:00:01Z',
      '2026-03-01',
      '2026-06-30T12:00:00Z',
      '2026-07-01',
      '2027-01-01',
      '2027-01-02',
    ],
    policies: 1_000,
  },
  { name: 'booleans', key: 'bool:b', values: ['true', 'false'], policies: 500 },
  {
    name: 'addresses',
    key: 'ip:i',
    values: [
      '9.255.255.255',
      '10.0.0.0',
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.4',
      '10.255.255.255',
      '11.0.0.0',
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '2001:db8::2',
    ],
    policies: 1_000,
  },
];

describe('brute force over one unknown key', () => {
  test.each(FRAGMENTS)('$name', ({ key, values, policies: deep }) => {
    const policies = policyOf(bareStatement(conditions(conditionOn([key]))));
    fc.assert(
      fc.property(policies, (policy) => verify(policy, key, unknown, [null, ...values])),
      { numRuns: runs(deep) },
    );
  });

  const TEXTS = nonEmpty(textsOver(['a', 'b', 'x'], 4));

  test('a key that is constrained to patterns', () => {
    const constraint = fc.record({
      is: fc.constant('constrained' as const),
      matching: fc.array(textOver('ab*?', 3, 1), { maxLength: 2 }),
      outside: fc.array(textOver('ab', 2, 1), { maxLength: 2 }),
      orAbsent: fc.boolean(),
    });
    fc.assert(
      fc.property(policyOf(bareStatement(conditions(conditionOn(['text:one'])))), constraint, (policy, state) => {
        const isPossible = (text: string): boolean =>
          !state.outside.includes(text) &&
          (state.matching.length === 0 || state.matching.some((one) => globs(one, text)));
        const values: Value[] = TEXTS.filter(isPossible);
        if (state.orAbsent) values.push(null);
        // A literal that is ruled out too leaves nothing to ask about.
        if (values.length > 0) verify(policy, 'text:one', state, values);
      }),
      { numRuns: runs(1_500) },
    );
  });
});

function globs(pattern: string, text: string): boolean {
  const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
