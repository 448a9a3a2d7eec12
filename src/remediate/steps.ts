import type { RepairPlan, RepairWork } from '../trail/repair/plan.ts';
import { editedText, policyText } from '../trail/repair/policyText.ts';
import { cancelDeletion, enableKey, enableRotation } from './keySteps.ts';
import type { Clock } from './patience.ts';
import { type Policies, writePolicy } from './policyStep.ts';
import type { StepPorts } from './ports.ts';
import type { Step } from './step.ts';
import { setKey } from './trailStep.ts';

/** A repaired plan's policy as it is and as it will be. */
export const textsOf = ({ before, policyEdits }: RepairWork): Policies => ({
  before: policyText(before),
  after: editedText(before, policyEdits),
});

/** The changes of a repaired plan in the order in which they are safe: the key policy, the key, the trail. */
export function stepsOf({ keyArn, work, edits }: RepairPlan, ports: StepPorts, clock: Clock): readonly Step[] {
  if (keyArn === null || work === null) return [];
  const steps: Step[] = [];
  if (work.policyEdits.length > 0) steps.push(writePolicy(ports.policy, textsOf(work), clock));
  const { key, trail } = ports;
  for (const { change } of edits) {
    if (change === 'deletion-cancelled' && key !== null) steps.push(cancelDeletion(key, clock));
    if (change === 'key-enabled' && key !== null) steps.push(enableKey(key, clock));
    if (change === 'rotation-enabled' && key !== null) steps.push(enableRotation(key, clock));
    if (change === 'trail-key-set' && trail !== null)
      steps.push(setKey(trail, { from: work.formerKey ?? '', to: keyArn }, clock));
  }
  return steps;
}
