import fc from 'fast-check';
import { Assumptions } from '../../src/policy/assumptions.ts';
import { authorize } from '../../src/policy/authorize.ts';
import { candidatesOf } from '../../src/policy/compile.ts';
import type { KeyValue } from '../../src/policy/condition.ts';
import { indexContext } from '../../src/policy/context.ts';
import { decide, truthsOf } from '../../src/policy/decide.ts';
import { enumerate } from '../../src/policy/enumerate.ts';
import { findWorld, type Goal } from '../../src/policy/findWorld.ts';
import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { AccessRequest } from '../../src/policy/request.ts';
import { LARGEST_EXPLORATION, workFor } from '../../src/policy/work.ts';
import {
  anyStatement,
  bareStatement,
  conditionOn,
  conditions,
  KEY_ARN,
  KEYS,
  policyOf,
  ROLE,
  SERVICE,
} from './arbitraries.ts';
import type { PolicyDocument } from './reference.ts';

/** Looking for a world of a kind and taking all worlds apart are two ways to the same answer. */

const GOALS: readonly Goal[] = ['allowed', 'delegated', 'denied', 'notDenied'];

const reaches = (goal: Goal, outcome: string | null): boolean =>
  goal === 'notDenied' ? outcome !== 'denied' : outcome === goal;

const requests = fc.constantFrom<AccessRequest['principal']>({ service: SERVICE }, { aws: ROLE }).map(
  (principal): AccessRequest => ({
    principal,
    action: 'kms:Decrypt',
    resource: KEY_ARN,
    context: {},
    otherKeys: 'unknown',
  }),
);

function setUp(document: PolicyDocument, request: AccessRequest) {
  const parsed = parseKeyPolicy(document);
  if (!parsed.valid) throw new Error(parsed.error);
  const context = indexContext(request);
  const work = workFor(LARGEST_EXPLORATION);
  const candidates = candidatesOf(parsed.policy, request, []);
  return {
    policy: parsed.policy,
    candidates,
    context,
    work,
    assumptions: () => new Assumptions(candidates, context, work),
  };
}

const few = conditions(conditionOn(KEYS.slice(0, 5)), 2);
const POLICIES: Readonly<Record<string, fc.Arbitrary<PolicyDocument>>> = {
  'few keys, statements about everybody': policyOf(bareStatement(few), 8),
  'statements of every kind': policyOf(anyStatement, 6),
};

describe.each(Object.entries(POLICIES))('%s', (_, policies) => {
  test.each(GOALS)('a world that is %s is found where there is one', (goal) => {
    let compared = 0;
    const holds = (document: PolicyDocument, request: AccessRequest): void => {
      const { candidates, context, work, assumptions } = setUp(document, request);
      const { leaves, incomplete } = enumerate(candidates, assumptions(), { work, namesKeys: true });
      const found = findWorld(candidates, assumptions(), goal, work);
      if (found) {
        expect(reaches(goal, found.outcome)).toBe(true);
        const lookup = (key: string): KeyValue | undefined => context.lookup(key) ?? found.values.get(key) ?? null;
        expect(decide(candidates, truthsOf(candidates, lookup))).toBe(found.outcome);
      }
      if (incomplete !== null || found === undefined || leaves.length > 400) return;
      compared += 1;
      const isThere = leaves.some(({ outcome }) => reaches(goal, outcome));
      expect(found !== null || !isThere).toBe(true);
      if (found !== null) expect(isThere || leaves.some(({ outcome }) => outcome === null)).toBe(true);
    };
    fc.assert(fc.property(policies, requests, holds), { numRuns: 600 });
    expect(compared).toBeGreaterThan(400);
  });

  test('less work gives the same answer or none', () => {
    const holds = (document: PolicyDocument, request: AccessRequest, steps: number): void => {
      const { policy } = setUp(document, request);
      const full = authorize(policy, request);
      const less = authorize(policy, request, [], { work: workFor(steps), namesKeys: false });
      if (less.outcome !== 'unknown') expect(less.outcome).toBe(full.outcome);
      if (less.outcome === 'unknown' && less.reason === null) expect(full.outcome).toBe('unknown');
    };
    fc.assert(fc.property(policies, requests, fc.integer({ min: 0, max: 2_000 }), holds), { numRuns: 600 });
  });
});
