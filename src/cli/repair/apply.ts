import { setTimeout as sleep } from 'node:timers/promises';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { BadInput, CouldNotFinish } from '../errors.ts';
import { SIGNALS } from '../files.ts';
import { type Io, messageOf, warn } from '../io.ts';
import { confirm } from './applyConfirm.ts';
import type { ApplyOutcome } from './applyOutcome.ts';
import { applyPlan, type Site } from './applyPlan.ts';

/** How plans are applied. */
export interface ApplyRequest extends Pick<Site, 'reach' | 'document' | 'criteria' | 'backupDirectory'> {
  /** Nobody is asked. */
  readonly yes: boolean;
  readonly quiet: boolean;
}

/** What became of each plan that was to be applied, in the plans' order. */
export type Outcomes = ReadonlyMap<RepairPlan, ApplyOutcome>;

/** @throws BadInput where nobody could be asked */
export function requireConsent(yes: boolean, io: Io): void {
  if (!yes && io.stdin.isTTY !== true)
    throw new BadInput('`--apply` asks before it changes anything, and there is no terminal to ask on: give `--yes`');
}

/**
 * Applies the repaired plans one after the other, once somebody agrees; the first one that cannot be finished is the
 * last. `null`: nobody agreed.
 */
export async function applyPlans(
  plans: readonly RepairPlan[],
  { yes, quiet, ...given }: ApplyRequest,
  io: Io,
): Promise<Outcomes | null> {
  const repaired = plans.filter(({ status }) => status === 'repaired');
  const outcomes = new Map<RepairPlan, ApplyOutcome>();
  for (const plan of plans)
    if (plan.status === 'handed-over') outcomes.set(plan, { status: 'refused', reason: plan.reason, backup: null });
  if (repaired.length === 0) return outcomes;
  if (!yes && !(await confirm(`Apply ${counted(repaired)}?`, io))) return null;
  const controller = new AbortController();
  const interrupt = (): void => {
    warn(io, 'interrupted: the change under way is finished, and no other one is begun');
    controller.abort();
  };
  // A second interrupt ends the process as ever.
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const site: Site = {
    ...given,
    clock: { now: () => io.now().getTime(), wait: io.wait ?? wait },
    interrupted: controller.signal,
    say: (text) => {
      if (!quiet) warn(io, text);
    },
  };
  try {
    for (const plan of repaired) {
      const outcome = await applyPlan(plan, site).catch(
        (error: unknown): ApplyOutcome => ({ status: 'failed', reason: messageOf(error), backup: null }),
      );
      outcomes.set(plan, outcome);
      if (!isFinished(outcome)) break;
    }
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
  }
  return outcomes;
}

/** Whether the tool did what it was there to do: to apply a change, or to leave it to its owner. */
export const isFinished = ({ status }: ApplyOutcome): boolean => status === 'applied' || status === 'refused';

/** @throws CouldNotFinish where not every trail could be read: one that is not known may use the same key */
export function requireWhole(isWhole: boolean): void {
  if (!isWhole) throw new CouldNotFinish('something could not be read, so nothing is applied: see the lines above');
}

const counted = ({ length }: readonly unknown[]): string => `the ${length === 1 ? 'plan' : `${length} plans`} above`;

/** An interruption ends the waiting, and is no error. */
const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
