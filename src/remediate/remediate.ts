import type { RepairPlan } from '../trail/repair/plan.ts';
import { carryOut, type Run } from './carryOut.ts';
import type { Ending } from './outcome.ts';
import type { StepPorts } from './ports.ts';
import { type Owners, refusalOf } from './refusal.ts';
import { isSamePolicy } from './samePolicy.ts';
import { messageOf } from './step.ts';
import { stepsOf, textsOf } from './steps.ts';

/** What is there after the changes. */
export interface ReadBack {
  /** The key policy; `null` where it could not be read. */
  readonly policy: string | null;
  /** What of the plan's promise does not pass, by the rule's own code, as a sentence part; `null`: all of it does. */
  whatIsOpen(): Promise<string | null>;
}

/** Everything that carrying out a plan needs beside the plan. */
export interface Remediation extends Omit<Run, 'whatFails'> {
  readonly owners: Owners;
  /** What was changed since the plan was made, as a sentence part; `null`: nothing. */
  readonly whatChanged: () => Promise<string | null>;
  /** Keeps the policy as it is, before it is changed. */
  readonly backUp: (policy: string) => Promise<void>;
  readonly ports: () => Promise<StepPorts>;
  /** Reads the key and its trails again. */
  readonly readBack: () => Promise<ReadBack>;
  /** How an error of `readBack` is told. */
  readonly notRead: (message: string) => string;
}

/**
 * Carries out one repaired plan: owners first, then a backup, then each change in its order, then everything is read again
 * and evaluated by the rule's own code. What fails on the way is taken back, the last change first.
 *
 * @throws as long as nothing was written
 */
export async function remediate(plan: RepairPlan, given: Remediation): Promise<Ending> {
  const { keyArn, work } = plan;
  if (keyArn === null || work === null) throw new Error('only a repaired plan can be applied');
  const texts = textsOf(work);
  const refusal = await refusalOf(texts, given.owners);
  if (refusal !== null) return { status: 'refused', reason: refusal };
  const change = await given.whatChanged();
  if (change !== null) return { status: 'changed', reason: change };
  if (work.policyEdits.length > 0) await given.backUp(texts.before);
  const steps = stepsOf(plan, await given.ports(), given.clock);
  const whatFails = async (): Promise<string | null> => {
    const { policy, whatIsOpen } = await given.readBack();
    if (policy === null || !isSamePolicy(policy, texts.after)) return 'KMS does not show the new key policy';
    return whatIsOpen();
  };
  return carryOut(steps, {
    ...given,
    // Whatever goes wrong here, something was written: it is taken back, and never thrown past.
    whatFails: () => whatFails().catch((error: unknown) => given.notRead(messageOf(error))),
  });
}
