import type { CheckId } from '../trail/finding.ts';
import type { RepairPlan } from '../trail/repair/plan.ts';

/** What a plan would fix, and what it leaves, for a person. */
export interface PlanHead {
  /** `good`: nothing is left; `open`: somebody has to do something; `bad`: the plan does nothing. */
  readonly look: 'good' | 'open' | 'bad';
  /** "would fix 3 of 4 failing checks". */
  readonly title: string;
  readonly fixes: readonly CheckId[];
  readonly leaves: readonly CheckId[];
}

/** Each check counts once for each trail. */
export function headOf({ status, work, remaining }: RepairPlan): PlanHead {
  const fixed = work?.fixes ?? [];
  const left = remaining.reduce((sum, { trailArns }) => sum + trailArns.length, 0);
  const checks = { fixes: [...new Set(fixed)], leaves: [...new Set(remaining.map(({ check }) => check))] };
  const all = fixed.length + left;
  const share = `${fixed.length === 0 ? 'none' : fixed.length} of ${all} failing ${all === 1 ? 'check' : 'checks'}`;
  switch (status) {
    case 'nothing-to-do':
      return { ...checks, look: 'good', title: 'nothing to fix' };
    case 'repaired':
      // A trail may get another key though nothing is wrong with its own.
      return {
        ...checks,
        look: left === 0 ? 'good' : 'open',
        title: all === 0 ? 'would set the chosen key' : `would fix ${share}`,
      };
    case 'handed-over':
      return { ...checks, look: 'open', title: `its owner would fix ${share}` };
    case 'declined':
      return { ...checks, look: 'bad', title: `would fix ${share}` };
    default:
      return status satisfies never;
  }
}
