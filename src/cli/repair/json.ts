import type { RepairPlan } from '../../trail/repair/plan.ts';

/** The plans as JSON text, one line a plan. */
export function* jsonPlans(plans: readonly RepairPlan[]): Generator<string> {
  yield '{"version":1,\n "plans":[';
  let separator = '\n  ';
  for (const { keyArn, trailArns, status, policy, edits, commands, remaining, reason } of plans) {
    yield `${separator}${JSON.stringify({ keyArn, trailArns, status, policy, edits, commands, remaining, reason })}`;
    separator = ',\n  ';
  }
  yield ']}\n';
}
