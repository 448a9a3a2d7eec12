import { unknown } from '../../src/policy/request.ts';
import { allow, decide, deny, HARD_POLICIES } from './hardPolicies.ts';

describe('keys that are tied', () => {
  const statements = [
    allow({ StringEquals: { 'kms:CallerAccount': '1' } }),
    deny({ StringEquals: { 'aws:PrincipalAccount': '1' } }),
  ];
  const context = { 'kms:CallerAccount': unknown, 'aws:PrincipalAccount': unknown };

  test('vary apart without a tie', () => {
    expect(decide(statements, context)).toMatchObject({
      outcome: 'unknown',
      witnesses: { allowed: { 'kms:CallerAccount': '1', 'aws:PrincipalAccount': null } },
    });
  });

  test('hold the same value with one', () => {
    const ties = [['kms:CallerAccount', 'aws:PrincipalAccount']];
    expect(decide(statements, context, { ties }).outcome).toBe('denied');
  });

  test('are all named by a witness', () => {
    const ties = [['kms:CallerAccount', 'AWS:PrincipalAccount']];
    const either = [allow({ StringEquals: { 'kms:CallerAccount': '1', 'aws:PrincipalAccount': '1' } })];
    expect(decide(either, context, { ties }).witnesses?.allowed).toEqual({
      'kms:CallerAccount': '1',
      'aws:PrincipalAccount': '1',
    });
  });
});

// How long they take at most is a budget of `npm run bench`.
describe('a policy that is hard to decide gets a proof or an honest answer', () => {
  test.each(HARD_POLICIES)('$name', ({ statements, context, otherKeys = 'absent', outcome, reason = null }) => {
    const decision = decide(statements, context, { otherKeys });
    expect(decision.outcome).toBe(outcome);
    if (reason === null) expect(decision.reason).toBeNull();
    else expect(decision.reason).toContain(reason);
  });
});
