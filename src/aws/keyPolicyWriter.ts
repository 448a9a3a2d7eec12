import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { keyIdentity } from '../trail/arn.ts';
import type { Access } from './access.ts';
import { type Call, describeDenial, describeError, InfrastructureError, isDenied, type Refusal } from './errors.ts';

/** What became of one request that changes something: done, or refused by the service, so that nothing changed. */
export type Written =
  | { readonly done: true }
  | { readonly done: false; readonly code: string; readonly reason: string };

export const DONE: Written = { done: true };

/** The name of the only policy that a key can have (KMS API Reference, PutKeyPolicy). */
const PolicyName = 'default';

/** @throws InfrastructureError when the policy cannot be read, also where that is denied */
export async function readKeyPolicy({ session, clients }: Access, keyArn: string): Promise<string> {
  const call = kmsCall('GetKeyPolicy', keyArn);
  const { Policy } = await session.demand(call, (options) =>
    clients.get(KMSClient, call.region).send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName }), options),
  );
  if (Policy === undefined) throw new InfrastructureError(call, 'KMS answered without a policy');
  return Policy;
}

/**
 * Writes a key policy. KMS's own safety check against locking oneself out stays on: `BypassPolicyLockoutSafetyCheck` is
 * never set.
 *
 * @throws InfrastructureError when no answer came: whether the policy was written is then not known
 */
export function writeKeyPolicy(access: Access, keyArn: string, Policy: string): Promise<Written> {
  const call = kmsCall('PutKeyPolicy', keyArn);
  return change(access, call, (options) =>
    access.clients
      .get(KMSClient, call.region)
      .send(new PutKeyPolicyCommand({ KeyId: keyArn, PolicyName, Policy }), options),
  );
}

/** What came of replacing one policy by another; without `done` nothing was written. */
export type Replaced = Written | { readonly done: false; readonly code: 'Changed' | 'Unread'; readonly reason: string };

/**
 * Replaces a policy only while it still is what the plan was made from: it is read again immediately before.
 *
 * @throws InfrastructureError when no answer came to the write
 */
export async function replaceKeyPolicy(
  access: Access,
  keyArn: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<Replaced> {
  let live: string;
  try {
    live = await readKeyPolicy(access, keyArn);
  } catch (error) {
    // Told apart from a write without an answer: here there is nothing to take back.
    if (error instanceof InfrastructureError) return { done: false, code: 'Unread', reason: error.message };
    throw error;
  }
  if (isSamePolicy(live, before)) return writeKeyPolicy(access, keyArn, after);
  const reason = 'the key policy was changed since it was read: plan again from what it is now';
  return { done: false, code: 'Changed', reason };
}

/**
 * Puts the earlier policy back, unless it is neither of the two any more: what somebody else wrote is never overwritten.
 *
 * @throws InfrastructureError when it cannot be read, or when no answer came to the write
 */
export async function restoreKeyPolicy(
  access: Access,
  keyArn: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<Replaced> {
  const live = await readKeyPolicy(access, keyArn);
  // KMS may still show the policy from before the write.
  if (isSamePolicy(live, after) || isSamePolicy(live, before)) return writeKeyPolicy(access, keyArn, before);
  const reason = 'somebody else has written another key policy in the meantime, which was left as it is';
  return { done: false, code: 'Changed', reason };
}

/**
 * Sends a request that changes something.
 *
 * @throws InfrastructureError when no answer came, or when the service failed: the change may have been made
 */
export async function change(
  { session }: Access,
  call: Call,
  send: (options: { abortSignal: AbortSignal }) => Promise<unknown>,
): Promise<Written> {
  const answer = await session.ask(call, send);
  if (answer.ok) return DONE;
  const { refusal } = answer;
  if (refusal.httpStatus >= 500) throw new InfrastructureError(call, describeError(refusal.error), refusal.error);
  return {
    done: false,
    code: refusal.code,
    reason: `${call.service} ${call.operation}: ${why(call, refusal, session.caller)}`,
  };
}

const why = (call: Call, refusal: Refusal, caller: string): string =>
  isDenied(refusal) ? describeDenial(call, refusal, caller) : describeError(refusal.error);

export const kmsCall = (operation: string, keyArn: string): Call => ({
  service: 'KMS',
  operation,
  permission: `kms:${operation}`,
  subject: keyArn,
  region: keyIdentity(keyArn)?.region ?? '',
});

/**
 * Whether two policies are the same to KMS, which need not give back the text that it was given: members and lists have
 * no order, a single value stands for a list of one, an account id for the ARN of its root.
 */
export const isSamePolicy = (one: string, other: string): boolean =>
  one === other || canonical(parsed(one)) === canonical(parsed(other));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param isPrincipal whether the value names principals, where alone an account id is its root */
function canonical(value: unknown, isPrincipal = false): string {
  if (typeof value === 'string')
    return JSON.stringify(isPrincipal ? value.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1') : value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, isPrincipal)).sort();
    return items.length === 1 ? (items[0] ?? '') : `[${items.join(',')}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonical(member, isPrincipal || PRINCIPALS.has(name))}`,
  );
  return `{${members.sort().join(',')}}`;
}

const PRINCIPALS: ReadonlySet<string> = new Set(['Principal', 'NotPrincipal']);
