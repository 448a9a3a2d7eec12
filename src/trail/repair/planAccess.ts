import { parseKeyPolicy } from '../../policy/parse.ts';
import { comparePolicies, type PolicyComparison } from '../compare/comparePolicies.ts';
import type { RepairPlan } from './plan.ts';

/** What a plan gives and takes; `null` where it leaves the key policy as it is. */
export function accessOf({ work, policy, keyArn }: RepairPlan): PolicyComparison | null {
  const after = policy === null ? null : parseKeyPolicy(policy);
  if (work === null || work.policyEdits.length === 0 || after?.valid !== true) return null;
  return comparePolicies(work.before, after.policy, keyArn);
}
