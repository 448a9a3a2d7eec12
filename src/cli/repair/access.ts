import { createColors } from 'picocolors';
import { parseKeyPolicy } from '../../policy/parse.ts';
import { comparisonInWords } from '../../report/comparison.ts';
import { comparePolicies, type PolicyComparison } from '../../trail/compare/comparePolicies.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';

/** What a plan gives and takes; `null` where it leaves the key policy as it is. */
export function accessOf({ work, policy, keyArn }: RepairPlan): PolicyComparison | null {
  const after = policy === null ? null : parseKeyPolicy(policy);
  if (work === null || work.policyEdits.length === 0 || after?.valid !== true) return null;
  return comparePolicies(work.before, after.policy, keyArn);
}

/** The same for a person. */
export function* accessText(plan: RepairPlan, options: { readonly colour: boolean; readonly width: number }) {
  const comparison = accessOf(plan);
  if (comparison === null) return;
  yield `  ${createColors(options.colour).bold('What it gives and takes')}\n\n`;
  yield* comparisonInWords(comparison, '  ', options);
  yield '\n';
}
