import { keyPolicyPort } from '../../aws/write/keyPolicy.ts';
import { keyStatePort } from '../../aws/write/keyState.ts';
import { ownerOfKey, ownerOfTrail } from '../../aws/write/owners.ts';
import { trailKeyPort } from '../../aws/write/trailKey.ts';
import { type Clock, PATIENCE_MS } from '../../remediate/patience.ts';
import type { StepPorts } from '../../remediate/ports.ts';
import type { Owners } from '../../remediate/refusal.ts';
import { type ReadBack, remediate } from '../../remediate/remediate.ts';
import { keyIdentity, trailIdentity } from '../../trail/arn.ts';
import type { Finding } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import type { SnapshotDocument } from '../live/document.ts';
import type { AccountAccess } from '../live/reach.ts';
import { writeBackup } from './applyBackup.ts';
import { type ApplyOutcome, reasonOf } from './applyOutcome.ts';
import { accessIn, type Criteria, isThere, keyOf, policyIn, reread, stillOpen } from './applyReread.ts';

/** Everything that applying plans needs beside the plans. */
export interface Site {
  readonly reach: AccountAccess;
  /** What the plans were made from. */
  readonly document: SnapshotDocument;
  readonly criteria: Criteria;
  readonly backupDirectory: string;
  readonly clock: Clock;
  /** Aborts when a person interrupts: no further change is begun. */
  readonly interrupted: AbortSignal;
  /** Tells the person at the terminal what is done next. */
  readonly say: (text: string) => void;
}

/** How long a change that was not answered, or was throttled, is asked again to be taken back. */
const UNDO_MS = 60_000;

/**
 * Applies one repaired plan at the prompt.
 *
 * @throws InfrastructureError, CouldNotFinish as long as nothing was written
 */
export async function applyPlan(plan: RepairPlan, site: Site): Promise<ApplyOutcome> {
  const { keyArn } = plan;
  if (keyArn === null) throw new Error('only a repaired plan can be applied');
  const { clock, interrupted, say } = site;
  let backup: string | null = null;
  say(`asking who deploys ${keyArn} and its trails`);
  const ending = await remediate(plan, {
    clock,
    interrupted,
    say,
    owners: ownersOf(plan, keyArn, site),
    whatChanged: () => changedTrail(plan, site),
    async backUp(policy) {
      backup = await writeBackup(site.backupDirectory, keyArn, policy, new Date(clock.now()));
      say(`the key policy as it is was kept in \`${backup}\``);
    },
    ports: () => portsOf(plan, keyArn, site),
    readBack: () => readBack(plan, keyArn, site),
    notRead: (message) => `what was written could not be read again: ${message}`,
    verifyFor: () => PATIENCE_MS,
    undoFor: UNDO_MS,
  });
  return { status: ending.status, reason: reasonOf(ending, keyArn), backup };
}

const ownersOf = ({ trailArns }: RepairPlan, keyArn: string, { reach }: Site): Owners => ({
  owners: [
    ...trailArns.map((arn) => async () => ownerOfTrail(await accessToTrail(reach, arn), arn)),
    async () => ownerOfKey(await accessToKey(reach, keyArn), keyArn),
  ],
  isThere: (arn) => isThere(reach, arn),
  shutOut: 'read its Region too, with `--all-regions`',
});

/** Whether a trail has another key than when the plan was made. */
async function changedTrail(plan: RepairPlan, { document, reach, clock }: Site): Promise<string | null> {
  const fresh = await reread(document, plan, reach, new Date(clock.now()));
  const changed = plan.trailArns.find((arn) => keyOf(fresh, arn) !== keyOf(document, arn));
  return changed === undefined ? null : `the key of the trail \`${changed}\` was changed since it was read: plan again`;
}

async function portsOf({ edits }: RepairPlan, keyArn: string, { reach, criteria }: Site): Promise<StepPorts> {
  const access = await accessToKey(reach, keyArn);
  const arn = edits.some(({ change }) => change === 'trail-key-set') ? (criteria.trailArns[0] ?? null) : null;
  return {
    policy: keyPolicyPort(access, keyArn),
    key: keyStatePort(access, keyArn),
    trail: arn === null ? null : trailKeyPort(await accessToTrail(reach, arn), arn),
  };
}

async function readBack(
  plan: RepairPlan,
  keyArn: string,
  { document, reach, clock, criteria }: Site,
): Promise<ReadBack> {
  const fresh = await reread(document, plan, reach, new Date(clock.now()));
  return {
    policy: policyIn(fresh, keyArn),
    async whatIsOpen() {
      const [first, ...others] = await stillOpen(fresh, plan, criteria);
      return first === undefined
        ? null
        : `${describe(first)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
    },
  };
}

const describe = ({ check, message }: Finding): string => `\`${check}\` does not pass: ${message}`;

const accessToKey = (reach: AccountAccess, keyArn: string) => accessIn(reach, keyIdentity(keyArn)?.accountId ?? '');
const accessToTrail = (reach: AccountAccess, trailArn: string) =>
  accessIn(reach, trailIdentity(trailArn)?.accountId ?? '');
