import type { Mismatch } from '../../../src/policy/decision.ts';
import { statementParts } from '../../../src/report/html/statementParts.ts';
import type { RequestExplanation } from '../../../src/trail/explainTrail.ts';

type Statement = RequestExplanation['statements'][number];

const miss = (part: 'principal' | 'action' | 'resource', result: 'no' | 'unknown' = 'no'): Mismatch => {
  const common = { expected: [], actual: 'x', result, why: `${part} differs` };
  if (part === 'resource') return { part, ...common, nearest: null };
  return { part, ...common, negated: false, near: null };
};

const misspelt = (part: 'principal' | 'action'): Mismatch =>
  ({ ...miss(part), near: { name: 'y', difference: { is: 'spelling' } } }) as Mismatch;

const statement = (over: Partial<Statement> = {}): Statement => ({
  statement: 'S',
  effect: 'Allow',
  applies: 'yes',
  mismatches: [],
  matched: [],
  ...over,
});

const request = (
  purpose: RequestExplanation['purpose'],
  statements: readonly Statement[],
  resourceControlStatements: readonly Statement[] = [],
): RequestExplanation => ({
  purpose,
  action: 'kms:GenerateDataKey',
  decision: { outcome: 'allowed', statements: ['S'], dependsOn: [], witnesses: null, reason: null },
  refusal: null,
  statements,
  resourceControlStatements,
});

test.each<[string, Partial<Statement>, string]>([
  ['an Allow that applies', {}, 'lets-in'],
  ['a Deny that applies', { effect: 'Deny' }, 'shuts-out'],
  ['an Allow that may apply', { applies: 'unknown', mismatches: [miss('principal', 'unknown')] }, 'may-let-in'],
  ['a Deny that may apply', { effect: 'Deny', applies: 'unknown' }, 'may-shut-out'],
  ['an Allow for CloudTrail that does not match', { applies: 'no', mismatches: [miss('resource')] }, 'misses'],
  ['an Allow for another principal', { applies: 'no', mismatches: [miss('principal')] }, 'unconcerned'],
  ['an Allow for a misspelt service', { applies: 'no', mismatches: [misspelt('principal')] }, 'misses'],
  ['an Allow for a misspelt action', { applies: 'no', mismatches: [misspelt('action')] }, 'misses'],
  ['an Allow for another action', { applies: 'no', mismatches: [miss('action')] }, 'unconcerned'],
  ['a Deny that does not apply', { effect: 'Deny', applies: 'no', mismatches: [miss('resource')] }, 'unconcerned'],
])('%s', (_, over, part) => {
  expect(statementParts([request('log file', [statement(over)])])).toMatchObject([{ statement: 'S', part }]);
});

test('what a statement does to any request counts, and to which', () => {
  const elsewhere = statement({ applies: 'no', mismatches: [miss('action')] });
  const parts = statementParts([
    request('log file', [statement()]),
    request('digest file', [statement()]),
    request('describe', [elsewhere]),
  ]);
  expect(parts).toEqual([
    {
      statement: 'S',
      effect: 'Allow',
      origin: 'key policy',
      part: 'lets-in',
      purposes: ['log file', 'digest file'],
      reasons: [],
    },
  ]);
});

test('the gravest comes first, and a resource control policy is named as such', () => {
  const deny = statement({ statement: 'D', effect: 'Deny' });
  const parts = statementParts([request('log file', [statement()], [deny])]);
  expect(parts.map(({ statement: name, origin }) => [name, origin])).toEqual([
    ['D', 'resource control policy'],
    ['S', 'key policy'],
  ]);
});

test('of a Deny that applies it is told how its conditions hold', () => {
  const condition = { operator: 'Bool', key: 'k', expected: ['true'], actual: 'true', nearest: null };
  const deny = statement({ effect: 'Deny', matched: [{ ...condition, why: 'k is `true`', brief: 'k' }] });
  expect(statementParts([request('log file', [deny])])[0]?.reasons).toEqual(['k is `true`']);
});

test('of a miss every reason is told, of a statement about something else the first', () => {
  const near = statement({ applies: 'no', mismatches: [miss('resource'), miss('resource')] });
  const far = statement({ statement: 'F', applies: 'no', mismatches: [miss('principal'), miss('action')] });
  const parts = statementParts([request('log file', [near, far])]);
  expect(parts.map(({ reasons }) => reasons.length)).toEqual([2, 1]);
});
