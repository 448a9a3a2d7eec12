import type { createColors } from 'picocolors';
import type { CheckId } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';

/** What a plan would fix, and what it leaves, for a person. */
interface PlanHead {
  readonly paint: (text: string) => string;
  /** "would fix 3 of 4 open checks". */
  readonly title: string;
  readonly fixes: readonly CheckId[];
  readonly leaves: readonly CheckId[];
}

/** Each check counts once for each trail. */
export function headOf({ status, work, remaining }: RepairPlan, colours: ReturnType<typeof createColors>): PlanHead {
  const fixed = work?.fixes ?? [];
  const left = remaining.reduce((sum, { trailArns }) => sum + trailArns.length, 0);
  const checks = { fixes: [...new Set(fixed)], leaves: [...new Set(remaining.map(({ check }) => check))] };
  const all = fixed.length + left;
  const share = `${fixed.length === 0 ? 'none' : fixed.length} of ${all} failing ${all === 1 ? 'check' : 'checks'}`;
  switch (status) {
    case 'nothing-to-do':
      return { ...checks, paint: colours.green, title: 'nothing to fix' };
    case 'repaired':
      return { ...checks, paint: left === 0 ? colours.green : colours.yellow, title: `would fix ${share}` };
    case 'handed-over':
      return { ...checks, paint: colours.yellow, title: `its owner would fix ${share}` };
    case 'declined':
      return { ...checks, paint: colours.red, title: `would fix ${share}` };
    default:
      return status satisfies never;
  }
}
