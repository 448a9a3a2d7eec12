import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { keyIdentity } from '../trail/arn.ts';
import { readPolicyCommand } from '../trail/repair/commands.ts';
import type { Access } from './access.ts';
import { type Call, InfrastructureError } from './errors.ts';
import { change, unrepeated, type Written } from './keyPolicyWriterChange.ts';
import { isSamePolicy } from './keyPolicyWriterCompare.ts';
import type { Clock } from './keyPolicyWriterPatience.ts';
import { required } from './required.ts';

/** The name of the only policy that a key can have (KMS API Reference, PutKeyPolicy). */
const PolicyName = 'default';

/** @throws InfrastructureError when the policy cannot be read, also where that is denied */
export async function readKeyPolicy({ session, clients }: Access, keyArn: string): Promise<string> {
  const call = kmsCall('GetKeyPolicy', keyArn);
  const output = await session.demand(call, (options) =>
    clients.get(KMSClient, call.region).send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName }), options),
  );
  return required(call, output, 'Policy');
}

/**
 * Writes a key policy. KMS's own safety check against locking oneself out stays on: `BypassPolicyLockoutSafetyCheck` is
 * never set.
 *
 * @throws InfrastructureError when it stays unknown whether the policy was written
 */
function writeKeyPolicy(access: Access, keyArn: string, from: string, to: string, clock: Clock): Promise<Written> {
  const call = kmsCall('PutKeyPolicy', keyArn);
  const write = {
    call,
    send: (options: { abortSignal: AbortSignal }) =>
      access.clients
        .get(KMSClient, call.region)
        .send(unrepeated(new PutKeyPolicyCommand({ KeyId: keyArn, PolicyName, Policy: to })), options),
    look: async () => {
      const live = await readKeyPolicy(access, keyArn);
      if (isSamePolicy(live, to)) return 'after';
      return isSamePolicy(live, from) ? 'before' : 'other';
    },
  } as const;
  return change(access, write, clock);
}

/** What came of replacing one policy by another; without `done` nothing was written. */
export type Replaced = Written | { readonly done: false; readonly code: 'Changed' | 'Unread'; readonly reason: string };

interface Policies {
  readonly before: string;
  readonly after: string;
}

/**
 * Replaces a policy only while it still is what the plan was made from: it is read again immediately before.
 *
 * @throws InfrastructureError when it stays unknown whether the policy was written
 */
export async function replaceKeyPolicy(
  access: Access,
  keyArn: string,
  { before, after }: Policies,
  clock: Clock,
): Promise<Replaced> {
  let live: string;
  try {
    live = await readKeyPolicy(access, keyArn);
  } catch (error) {
    // Told apart from a write without an answer: here there is nothing to take back.
    if (error instanceof InfrastructureError) return { done: false, code: 'Unread', reason: error.message };
    throw error;
  }
  if (isSamePolicy(live, before)) return writeKeyPolicy(access, keyArn, before, after, clock);
  const reason = 'the key policy was changed since it was read: plan again from what it is now';
  return { done: false, code: 'Changed', reason };
}

/**
 * Puts the earlier policy back, unless it is neither of the two any more: what somebody else wrote is never overwritten.
 *
 * @throws InfrastructureError when it cannot be read, or when it stays unknown whether it was written
 */
export async function restoreKeyPolicy(
  access: Access,
  keyArn: string,
  { before, after }: Policies,
  clock: Clock,
): Promise<Replaced> {
  const live = await readKeyPolicy(access, keyArn);
  // KMS may still show the policy from before the write.
  if (isSamePolicy(live, after) || isSamePolicy(live, before))
    return writeKeyPolicy(access, keyArn, after, before, clock);
  const reason = `somebody else has written another key policy in the meantime, which was left as it is; this shows it: ${readPolicyCommand(keyArn)}`;
  return { done: false, code: 'Changed', reason };
}

export const kmsCall = (operation: string, keyArn: string): Call => ({
  service: 'KMS',
  operation,
  permission: `kms:${operation}`,
  subject: keyArn,
  region: keyIdentity(keyArn)?.region ?? '',
});
