import type { Access } from '../../aws/access.ts';
import { replaceKeyPolicy, restoreKeyPolicy } from '../../aws/keyPolicyWriter.ts';
import type { Clock } from '../../aws/keyPolicyWriterPatience.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { editedText, policyText } from '../../trail/repair/policyText.ts';
import { cancelDeletion, enableKey, enableRotation } from './applyKeySteps.ts';
import type { Step } from './applyStep.ts';
import { setKey } from './applyTrailStep.ts';

/** What signs the changes of a plan, and what waits between two looks. */
export interface Hands {
  readonly key: Access;
  /** Of the trail that is to get a key. */
  readonly trail: { readonly arn: string; readonly access: Access } | null;
  readonly clock: Clock;
}

/** The changes of a repaired plan in the order in which they are safe: the key policy, the key, the trail. */
export function stepsOf({ keyArn, work, edits }: RepairPlan, { key, trail, clock }: Hands): readonly Step[] {
  if (keyArn === null || work === null) return [];
  const steps: Step[] = [];
  if (work.policyEdits.length > 0) {
    const texts = { before: policyText(work.before), after: editedText(work.before, work.policyEdits) };
    steps.push({
      name: `write the policy of ${keyArn}`,
      run: () => replaceKeyPolicy(key, keyArn, texts, clock),
      undo: () => restoreKeyPolicy(key, keyArn, texts, clock),
      passing: new Set(),
    });
  }
  for (const { change: kind } of edits) {
    if (kind === 'deletion-cancelled') steps.push(cancelDeletion(key, keyArn, clock));
    if (kind === 'key-enabled') steps.push(enableKey(key, keyArn, clock));
    if (kind === 'rotation-enabled') steps.push(enableRotation(key, keyArn, clock));
    if (kind === 'trail-key-set' && trail !== null) steps.push(setKey(trail.access, trail.arn, keyArn, clock));
  }
  return steps;
}
