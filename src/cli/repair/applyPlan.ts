import type { Replaced } from '../../aws/keyPolicyWriter.ts';
import { isSamePolicy } from '../../aws/keyPolicyWriterCompare.ts';
import { ownerOfKey, ownerOfTrail } from '../../aws/keyPolicyWriterOwners.ts';
import { type Clock, PATIENCE_MS, patiently } from '../../aws/keyPolicyWriterPatience.ts';
import { trailsLeftOut } from '../../aws/keyPolicyWriterTrails.ts';
import { keyIdentity, trailIdentity } from '../../trail/arn.ts';
import type { Finding } from '../../trail/finding.ts';
import type { RepairPlan, RepairWork } from '../../trail/repair/plan.ts';
import { editedText, policyText } from '../../trail/repair/policyText.ts';
import { messageOf } from '../io.ts';
import type { SnapshotDocument } from '../live/document.ts';
import type { Reach } from '../live/reach.ts';
import { writeBackup } from './applyBackup.ts';
import type { Outcome } from './applyOutcome.ts';
import { accessIn, isThere, type Judgement, keyOf, policyIn, reread, stillOpen } from './applyReread.ts';
import type { Step } from './applyStep.ts';
import { type Hands, stepsOf } from './applySteps.ts';

/** Everything that applying plans needs beside the plans. */
export interface Site {
  readonly reach: Reach;
  /** What the plans were made from. */
  readonly document: SnapshotDocument;
  readonly judgement: Judgement;
  readonly backupDirectory: string;
  readonly clock: Clock;
  /** Aborts when a person interrupts: no further change is begun. */
  readonly interrupted: AbortSignal;
  /** Tells the person at the terminal what is done next. */
  readonly say: (text: string) => void;
}

/**
 * Applies one repaired plan: owners first, then a backup, then each change in its order, then everything is read again
 * and judged by the rule's own code. What fails on the way is taken back, the last change first.
 *
 * @throws InfrastructureError, CouldNotFinish as long as nothing was written
 */
export async function applyPlan(plan: RepairPlan, site: Site): Promise<Outcome> {
  const { keyArn, work } = plan;
  if (keyArn === null || work === null) throw new Error('only a repaired plan can be applied');
  const owner = await ownerOf(plan, keyArn, site);
  if (owner !== null) return { status: 'refused', reason: `${owner}: the change is for its owner`, backup: null };
  const loser = await losingTrail(work, site);
  if (loser !== null) return { status: 'refused', reason: loser, backup: null };
  const taken = await changedTrail(plan, site);
  if (taken !== null) return { status: 'changed', reason: taken, backup: null };
  const writesPolicy = work.policyEdits.length > 0;
  const now = new Date(site.clock.now());
  const backup = writesPolicy ? await writeBackup(site.backupDirectory, keyArn, policyText(work.before), now) : null;
  if (backup !== null) site.say(`the key policy as it is was kept in \`${backup}\``);
  const steps = stepsOf(plan, await handsOf(plan, keyArn, site));
  return { ...(await carryOut(plan, steps, site)), backup };
}

type Ending = Omit<Outcome, 'backup'>;

async function carryOut(plan: RepairPlan, steps: readonly Step[], site: Site): Promise<Ending> {
  const begun: Step[] = [];
  const stop = (): Ending => interrupted(begun, plan);
  for (const step of steps) {
    if (site.interrupted.aborted) return stop();
    site.say(step.name);
    begun.push(step);
    let result: Replaced;
    try {
      result = await patiently(
        () => step.run(),
        (answer) => answer.done || !step.passing.has(answer.code),
        { clock: site.clock, milliseconds: PATIENCE_MS, signal: site.interrupted },
      );
    } catch (error) {
      // Whether it was written stays unknown: it is taken back like what is known to be.
      return rollBack(begun, messageOf(error), site);
    }
    if (result.done) continue;
    begun.pop();
    if (site.interrupted.aborted) return stop();
    if (begun.length > 0) return rollBack(begun, result.reason, site);
    return { status: result.code === 'Changed' ? 'changed' : 'failed', reason: result.reason };
  }
  site.say('reading again what was written, for up to five minutes');
  const open = await settled(plan, site);
  if (open === null) return { status: 'applied', reason: null };
  if (site.interrupted.aborted) return stop();
  return rollBack(begun, open, site);
}

/** Why what was written does not pass, as a sentence part; `null` when it does. */
async function settled(plan: RepairPlan, site: Site): Promise<string | null> {
  const { clock, interrupted: signal } = site;
  return patiently(
    () => whatIsOpen(plan, site).catch(notRead),
    (open) => open === null,
    { clock, milliseconds: PATIENCE_MS, signal },
  );
}

/** Whatever goes wrong here, something was written: it is taken back, and never thrown past. */
const notRead = (error: unknown): string => `what was written could not be read again: ${messageOf(error)}`;

async function whatIsOpen(plan: RepairPlan, site: Site): Promise<string | null> {
  const { keyArn, work } = plan;
  const fresh = await reread(site.document, plan, site.reach, new Date(site.clock.now()));
  const live = keyArn === null ? null : policyIn(fresh, keyArn);
  if (work !== null && (live === null || !isSamePolicy(live, editedText(work.before, work.policyEdits))))
    return 'KMS does not show the new key policy';
  const [first, ...others] = await stillOpen(fresh, plan, site.judgement);
  return first === undefined ? null : `${describe(first)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
}

const describe = ({ check, message }: Finding): string => `\`${check}\` does not pass: ${message}`;

/** How long a change that was not answered, or was throttled, is asked again to be taken back. */
const ROLLBACK_MS = 60_000;
const PASSING_BY: ReadonlySet<string> = new Set(['', 'Unread', 'ThrottlingException', 'Throttling']);

/**
 * Takes back what was begun, the last change first; stops at the first one that cannot be. What somebody else has
 * changed in the meantime is left as it is, and does not stop it. An interruption does not end it: that would leave what
 * is known to be wrong.
 */
async function rollBack(begun: readonly Step[], reason: string, { say, clock }: Site): Promise<Ending> {
  const harms: string[] = [];
  for (const step of begun.toReversed()) {
    const { undo } = step;
    if (typeof undo !== 'function') {
      harms.push(undo.harm);
      continue;
    }
    say(`taking back: ${step.name}`);
    const answer = await patiently(
      () => undo().catch((error: unknown): Replaced => ({ done: false, code: '', reason: messageOf(error) })),
      (tried) => tried.done || !PASSING_BY.has(tried.code),
      { clock, milliseconds: ROLLBACK_MS },
    );
    if (answer.done) continue;
    harms.push(`\`${step.name}\` was not taken back: ${answer.reason}`);
    if (answer.code !== 'Changed') break;
  }
  if (harms.length > 0) return { status: 'left', reason: `${reason}; ${harms.join('; ')}` };
  return { status: 'rolled-back', reason };
}

function interrupted(begun: readonly Step[], { keyArn }: RepairPlan): Ending {
  const what = begun.length === 0 ? 'nothing was changed' : `done so far: ${begun.map(({ name }) => name).join(', ')}`;
  return { status: 'interrupted', reason: `interrupted at ${keyArn}; ${what}; run again to go on from there` };
}

async function ownerOf({ trailArns }: RepairPlan, keyArn: string, { reach, say }: Site): Promise<string | null> {
  say(`asking who deploys ${keyArn} and its trails`);
  for (const arn of trailArns) {
    const access = await accessIn(reach, trailIdentity(arn)?.accountId ?? '');
    const owner = await ownerOfTrail(access, arn);
    if (owner !== null) return owner;
  }
  return ownerOfKey(await accessIn(reach, keyIdentity(keyArn)?.accountId ?? ''), keyArn);
}

/** A trail in another Region than those that were read, which the plan took for a wrong value: it would lose its key. */
async function losingTrail({ before, policyEdits }: RepairWork, { reach }: Site): Promise<string | null> {
  for (const arn of trailsLeftOut({ before: policyText(before), after: editedText(before, policyEdits) }))
    if (await isThere(reach, arn))
      return `the trail \`${arn}\` is there and would be shut out: read its Region too, with \`--all-regions\``;
  return null;
}

/** Whether a trail has another key than when the plan was made. */
async function changedTrail(plan: RepairPlan, { document, reach, clock }: Site): Promise<string | null> {
  const fresh = await reread(document, plan, reach, new Date(clock.now()));
  const changed = plan.trailArns.find((arn) => keyOf(fresh, arn) !== keyOf(document, arn));
  return changed === undefined ? null : `the key of the trail \`${changed}\` was changed since it was read: plan again`;
}

async function handsOf({ edits }: RepairPlan, keyArn: string, { reach, judgement, clock }: Site): Promise<Hands> {
  const key = await accessIn(reach, keyIdentity(keyArn)?.accountId ?? '');
  const arn = judgement.trailArn;
  if (arn === null || !edits.some(({ change }) => change === 'trail-key-set')) return { key, trail: null, clock };
  return { key, trail: { arn, access: await accessIn(reach, trailIdentity(arn)?.accountId ?? '') }, clock };
}
