import type { Access } from '../aws/access.ts';
import { type Replaced, readKeyPolicy, replaceKeyPolicy, restoreKeyPolicy } from '../aws/keyPolicyWriter.ts';
import { isSamePolicy } from '../aws/keyPolicyWriterCompare.ts';
import { ownerOfKey, ownerOfTrail } from '../aws/keyPolicyWriterOwners.ts';
import { type Clock, PATIENCE_MS, patiently } from '../aws/keyPolicyWriterPatience.ts';
import { trailsLeftOut } from '../aws/keyPolicyWriterTrails.ts';
import { findTrail } from '../aws/read/trail.ts';
import { evaluateTrails } from '../rule/evaluateTrails.ts';
import type { Exceptions } from '../rule/exceptions.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import type { RulePorts } from '../rule/ports.ts';
import { failuresOf, MENDED, RemediationStopped } from '../rule/remediation.ts';
import { trailIdentity } from '../trail/arn.ts';
import type { RepairPlan } from '../trail/repair/plan.ts';
import { editedText, policyText } from '../trail/repair/policyText.ts';

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
export async function writePlan(
  plan: RepairPlan,
  digest: { readonly approved: string; readonly actual: string },
  scene: Scene,
): Promise<Applied> {
  const { keyArn, trailArns, work } = plan;
  if (keyArn === null || work === null) throw new Error('a repaired plan has its key and its work');
  if (digest.approved !== digest.actual)
    throw new RemediationStopped('the key policy or the repair is not what was approved any more: start again');
  await refuseForeign(plan, scene.access);
  const texts = textsOf(plan);
  let failure: string | null;
  try {
    const written = await replaceKeyPolicy(scene.access, keyArn, texts, scene.clock);
    if (!written.done) throw new RemediationStopped(written.reason);
    failure = await patiently(
      // What cannot be read now may be read a moment later.
      () => whatFails(keyArn, trailArns, texts.after, scene).catch(messageOf),
      (found) => found === null,
      { clock: scene.clock, milliseconds: Math.min(PATIENCE_MS, scene.remaining() - RESERVE_MS) },
    );
  } catch (error) {
    if (error instanceof RemediationStopped) throw error;
    failure = messageOf(error);
  }
  if (failure === null) return { status: 'applied', keyArn, trailArns, before: texts.before };
  const restored = await restoreKeyPolicy(scene.access, keyArn, texts, scene.clock).catch(
    (error: unknown): Replaced => ({ done: false, code: '', reason: messageOf(error) }),
  );
  if (!restored.done) throw new Error(`${failure}; the earlier policy was not put back: ${restored.reason}`);
  throw new RemediationStopped(`${failure}; the earlier policy was put back`);
}

/** A repaired plan's policy as it is and as it will be. */
export function textsOf({ work }: RepairPlan): { readonly before: string; readonly after: string } {
  if (work === null) throw new Error('a repaired plan has its work');
  return { before: policyText(work.before), after: editedText(work.before, work.policyEdits) };
}

/**
 * Leaves alone what somebody else deploys, and a policy that a trail of another Region lives by.
 *
 * @throws RemediationStopped naming the owner or the trail
 */
export async function refuseForeign(plan: RepairPlan, access: Access): Promise<void> {
  const { keyArn, trailArns } = plan;
  const owners = [
    ...(keyArn === null ? [] : [() => ownerOfKey(access, keyArn)]),
    ...trailArns.map((arn) => () => ownerOfTrail(access, arn)),
  ];
  for (const ownerOf of owners) {
    const name = await ownerOf();
    if (name !== null) throw new RemediationStopped(`${name}: the change is for its owner`);
  }
  for (const arn of trailsLeftOut(textsOf(plan))) {
    // Trails of other accounts cannot be asked for from here; whoever approves sees their names.
    if (trailIdentity(arn)?.accountId !== access.session.accountId) continue;
    if ((await findTrail(access, arn)) !== undefined)
      throw new RemediationStopped(`the trail \`${arn}\` is there and would be shut out: the change is for a person`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why the written policy does not pass, as a sentence part; `null` when it does. */
async function whatFails(
  keyArn: string,
  trailArns: readonly string[],
  after: string,
  { access, parameters, exceptions, readPorts }: Scene,
): Promise<string | null> {
  if (!isSamePolicy(await readKeyPolicy(access, keyArn), after)) return 'KMS does not show the new key policy';
  const ports = readPorts();
  const trails = (await ports.listTrails()).filter(({ arn }) => trailArns.includes(arn));
  const gone = trailArns.find((wanted) => !trails.some(({ arn }) => arn === wanted));
  if (gone !== undefined) return `the trail \`${gone}\` is there no more`;
  for (const verdict of await evaluateTrails(trails, ports, parameters, exceptions)) {
    const [failed] = failuresOf(verdict, MENDED, parameters, exceptions);
    if (failed !== undefined) return `\`${failed.check}\` still fails for \`${verdict.trail.arn}\``;
    const open = verdict.findings.find(({ check, status }) => MENDED.includes(check) && status === 'unknown');
    if (open !== undefined) return `\`${open.check}\` is undecided for \`${verdict.trail.arn}\``;
  }
  return null;
}
