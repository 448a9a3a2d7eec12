import type { RepairPlan } from '../../trail/repair/plan.ts';
import { accessOf } from '../../trail/repair/planAccess.ts';
import type { ApplyOutcome } from './applyOutcome.ts';

/**
 * The plans as JSON text, one line a plan. With a stage each names the trails of a later one, as `laterTrailArns`.
 *
 * @param diffAccess each plan has a member `access`: what it gives and takes, `null` where the policy stays
 * @param outcomes with `--apply`: what became of each plan, as its member `outcome`; `null` for one that was not applied
 */
export function* jsonPlans(
  plans: readonly RepairPlan[],
  diffAccess: boolean,
  outcomes?: ReadonlyMap<RepairPlan, ApplyOutcome>,
): Generator<string> {
  yield '{"version":1,\n "plans":[';
  let separator = '\n  ';
  for (const plan of plans) {
    const { keyArn, trailArns, laterTrailArns, status, policy, edits, commands, remaining, reason } = plan;
    const later = laterTrailArns === undefined ? {} : { laterTrailArns };
    const outcome = outcomes === undefined ? {} : { outcome: outcomes.get(plan) ?? null };
    const access = diffAccess ? { access: accessOf(plan) } : {};
    const entry = {
      keyArn,
      trailArns,
      ...later,
      status,
      policy,
      edits,
      commands,
      remaining,
      reason,
      ...access,
      ...outcome,
    };
    yield `${separator}${JSON.stringify(entry)}`;
    separator = ',\n  ';
  }
  yield ']}\n';
}
