// Slow: `npm run quick` leaves it out.
import { present, unknown } from '../../src/policy/request.ts';
import { LARGEST_EXPLORATION, workFor } from '../../src/policy/work.ts';
import { allow, decide, deny, HARD_POLICIES, pigeons } from './hardPolicies.ts';

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

/** Steps: a fraction of a second. Only what is given up may take all of them. */
const MOST_STEPS = 2_500_000;

// How long they take at most is a budget of `npm run bench`.
describe('a policy that is hard to decide gets a proof or an honest answer', () => {
  test.each(HARD_POLICIES)('$name', ({ statements, context, otherKeys = 'absent', outcome, reason = null }) => {
    const work = workFor(LARGEST_EXPLORATION);
    const decision = decide(statements, context, { otherKeys }, work);
    expect(decision.outcome).toBe(outcome);
    if (reason === null) expect(decision.reason).toBeNull();
    else expect(decision.reason).toContain(reason);
    expect(LARGEST_EXPLORATION - work.left).toBeLessThan(reason === null ? MOST_STEPS : LARGEST_EXPLORATION + 10_000);
  });
});

describe('where the work does not suffice', () => {
  const statements = [
    { ...allow({ StringLike: { a: '1*' } }), Sid: 'Wide' },
    ...Array.from({ length: 6 }, (_, index) => ({ ...deny({ Null: { [`k${index}`]: 'true' } }), Sid: `Deny${index}` })),
  ];
  const within = (steps: number) => decide(statements, {}, { otherKeys: 'unknown' }, workFor(steps));

  test('the answer is unknown, and names statements', () => {
    expect(within(20)).toMatchObject({
      outcome: 'unknown',
      witnesses: null,
      reason:
        'the keys that are not known can take more combinations of values than are examined (statements `Wide`, `Deny0`, `Deny1`, `Deny2` and 3 more)',
    });
  });

  test('the same work gives the same answer, whatever was asked before', () => {
    const [first, less, again] = [within(300), within(20), within(300)];
    expect(again).toEqual(first);
    expect(less).not.toEqual(first);
  });
});

test('where worlds are too many to take apart, the statements that can apply are named, and no other', () => {
  const further = [
    { Sid: 'Never', ...deny({ StringEquals: { 'k:known': 'other' } }) },
    { Sid: 'Sometimes', ...deny({ StringEquals: { 'k:known': 'this', 'k:free': 'x' } }) },
    { Sid: 'Contradiction', ...deny({ StringEquals: { 'k:free': 'x' }, StringNotEquals: { 'k:free': 'x' } }) },
  ];
  const crowd = pigeons(6);
  const decision = decide([...crowd, ...further], { 'k:known': present('this') }, { otherKeys: 'unknown' });
  const denials = crowd.slice(1).map((_, index) => `#${index + 1}`);
  expect(decision).toMatchObject({ outcome: 'denied', reason: null, statements: [...denials, 'Sometimes'] });
});
