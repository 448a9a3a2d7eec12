import type { RepairPlan } from '../../trail/repair/plan.ts';
import { cloudFormation } from './cloudFormation.ts';
import { terraform } from './terraform.ts';

/** How the edits of a plan are shown beside its commands. */
export const FORMS = ['cli', 'terraform', 'cloudformation'] as const;
export type Form = (typeof FORMS)[number];

/** The edits of a repaired plan as code for whoever owns the key by that code; `null` where commands are all there is. */
export function codeOf(plan: RepairPlan, form: Form): string | null {
  switch (form) {
    case 'cli':
      return null;
    case 'terraform':
      return terraform(plan);
    case 'cloudformation':
      return cloudFormation(plan);
    default:
      return form satisfies never;
  }
}
