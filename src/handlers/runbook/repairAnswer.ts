import { createHash } from 'node:crypto';
import { textsOf } from '../../remediate/steps.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';

/**
 * What a runbook shows to whoever approves. `aws:approve` takes 4,096 characters (AWS Systems Manager User Guide,
 * "aws:approve"), the runbook's own words and JSON's escapes among them; the log of the function has it all.
 */
interface PlanAnswer {
  readonly keyArn: string | null;
  /** The first ones; `trails` counts all. */
  readonly trailArns: readonly string[];
  readonly trails: number;
  readonly digest: string;
  readonly changes: string;
}

const SHOWN_LENGTH = 1_300;
/** At most: an ARN with a name of 128 characters takes about 180. */
const SHOWN_TRAILS = 8;

export function planAnswer(plan: RepairPlan): PlanAnswer {
  const { keyArn, trailArns, edits } = plan;
  const changes = edits.map(({ statement, change, message }) => `${change} ${statement ?? ''}: ${message}`).join('; ');
  return {
    keyArn,
    trailArns: trailArns.slice(0, SHOWN_TRAILS),
    trails: trailArns.length,
    digest: digestOf(plan),
    changes:
      changes.length <= SHOWN_LENGTH
        ? changes
        : `${changes.slice(0, SHOWN_LENGTH)} ... (the log of the function has it all)`,
  };
}

/** Binds an approval to the key, to its policy as it is, and to its policy as it will be. */
export function digestOf(plan: RepairPlan): string {
  if (plan.work === null) throw new Error('a repaired plan has its work');
  const { before, after } = textsOf(plan.work);
  return createHash('sha256')
    .update(JSON.stringify([plan.keyArn, before, after]))
    .digest('hex');
}
