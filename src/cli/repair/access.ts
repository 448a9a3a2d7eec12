import { createColors } from 'picocolors';
import { comparisonInWords } from '../../report/comparison.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { accessOf } from '../../trail/repair/planAccess.ts';

/** What a plan gives and takes, for a person. */
export function* accessText(plan: RepairPlan, options: { readonly colour: boolean; readonly width: number }) {
  const comparison = accessOf(plan);
  if (comparison === null) return;
  yield `  ${createColors(options.colour).bold('What it gives and takes')}\n\n`;
  yield* comparisonInWords(comparison, '  ', options);
  yield '\n';
}
