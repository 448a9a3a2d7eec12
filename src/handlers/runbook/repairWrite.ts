import type { Access } from '../../aws/access.ts';
import { findTrail } from '../../aws/read/trail.ts';
import { keyPolicyPort, readKeyPolicy } from '../../aws/write/keyPolicy.ts';
import { ownerOfKey, ownerOfTrail } from '../../aws/write/owners.ts';
import type { Ending } from '../../remediate/outcome.ts';
import { type Clock, PATIENCE_MS } from '../../remediate/patience.ts';
import { type Owners, refusalOf } from '../../remediate/refusal.ts';
import { remediate } from '../../remediate/remediate.ts';
import { FIXED_BY_RUNBOOK, failuresOf, RemediationStopped } from '../../remediate/remediation.ts';
import { textsOf } from '../../remediate/steps.ts';
import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import type { Exceptions } from '../../rule/exceptions/exceptions.ts';
import type { RuleParameters } from '../../rule/parameters.ts';
import type { RulePorts } from '../../rule/ports.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';

/** Everything that writing a plan needs beside the plan. */
export interface Scene {
  readonly access: Access;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  /** Ports that have read nothing yet. */
  readonly readPorts: () => RulePorts;
  /** Milliseconds until Lambda ends the invocation. */
  readonly remaining: () => number;
  readonly clock: Clock;
}

/** Kept for taking a policy back, in milliseconds. */
const RESERVE_MS = 30_000;

export interface Applied {
  readonly status: 'applied';
  readonly keyArn: string;
  readonly trailArns: readonly string[];
  /** The policy as it was, for whoever wants it back. */
  readonly before: string;
}

/**
 * Writes an approved plan, reads again what was written, and takes it back where it does not pass.
 *
 * @throws RemediationStopped where nothing was changed, or everything was taken back; Error where something is left
 */
export async function writePlan(plan: RepairPlan, digest: Digests, scene: Scene): Promise<Applied> {
  const { keyArn, trailArns, work } = plan;
  if (keyArn === null || work === null) throw new Error('a repaired plan has its key and its work');
  refuseOtherPlan(digest);
  const { access, clock } = scene;
  const ending = await remediate(plan, {
    clock,
    say: () => {},
    owners: ownersOf(plan, access),
    // The plan was made a moment ago, from facts that were read live.
    whatChanged: async () => null,
    // The answer holds the policy as it was.
    backUp: async () => {},
    ports: async () => ({ policy: keyPolicyPort(access, keyArn), key: null, trail: null }),
    readBack: async () => ({
      policy: await readKeyPolicy(access, keyArn),
      whatIsOpen: () => whatIsOpen(trailArns, scene),
    }),
    notRead: (message) => message,
    verifyFor: () => Math.min(PATIENCE_MS, scene.remaining() - RESERVE_MS),
    undoFor: 0,
  });
  if (ending.status === 'applied') return { status: 'applied', keyArn, trailArns, before: textsOf(work).before };
  throw stopped(ending);
}

/** Of the plan that was made first, and of the one that is made now. */
interface Digests {
  readonly approved: string;
  readonly actual: string;
}

/** @throws RemediationStopped unless a plan is the one that somebody approves or approved */
export function refuseOtherPlan({ approved, actual }: Digests): void {
  if (approved !== actual)
    throw new RemediationStopped('the key policy or the repair is not what was approved any more: start again');
}

/** How a runbook is told that a plan was not applied. */
function stopped(ending: Exclude<Ending, { readonly status: 'applied' }>): Error {
  switch (ending.status) {
    case 'rolled-back':
      return new RemediationStopped(`${ending.reason}; the earlier policy was put back`);
    case 'left':
      return new Error(`${ending.reason}; the earlier policy was not put back: ${ending.left[0]?.reason}`);
    case 'interrupted':
      return new Error('nobody interrupts a runbook here');
    default:
      return new RemediationStopped(ending.reason);
  }
}

/**
 * Leaves alone what somebody else deploys, and a policy that a trail of another Region lives by.
 *
 * @throws RemediationStopped naming the owner or the trail
 */
export async function refuseForeign(plan: RepairPlan, access: Access): Promise<void> {
  if (plan.work === null) throw new Error('a repaired plan has its work');
  const reason = await refusalOf(textsOf(plan.work), ownersOf(plan, access));
  if (reason !== null) throw new RemediationStopped(reason);
}

const ownersOf = ({ keyArn, trailArns }: RepairPlan, access: Access): Owners => ({
  owners: [
    ...(keyArn === null ? [] : [() => ownerOfKey(access, keyArn)]),
    ...trailArns.map((arn) => () => ownerOfTrail(access, arn)),
  ],
  // Trails of other accounts cannot be asked for from here; whoever approves sees their names.
  isThere: async (arn) =>
    trailIdentity(arn)?.accountId === access.session.accountId && (await findTrail(access, arn)) !== undefined,
  shutOut: 'the change is for a person',
});

/** What the written policy does not fix, as a sentence part; `null`: nothing. */
async function whatIsOpen(
  trailArns: readonly string[],
  { parameters, exceptions, readPorts }: Scene,
): Promise<string | null> {
  const ports = readPorts();
  const trails = (await ports.listTrails()).filter(({ arn }) => trailArns.includes(arn));
  const gone = trailArns.find((wanted) => !trails.some(({ arn }) => arn === wanted));
  if (gone !== undefined) return `the trail \`${gone}\` is there no more`;
  for (const verdict of await evaluateTrails(trails, ports, parameters, exceptions)) {
    const [failed] = failuresOf(verdict, FIXED_BY_RUNBOOK, parameters, exceptions);
    if (failed !== undefined) return `\`${failed.check}\` still fails for \`${verdict.trail.arn}\``;
    const open = verdict.findings.find(({ check, status }) => FIXED_BY_RUNBOOK.includes(check) && status === 'unknown');
    if (open !== undefined) return `\`${open.check}\` is undecided for \`${verdict.trail.arn}\``;
  }
  return null;
}
