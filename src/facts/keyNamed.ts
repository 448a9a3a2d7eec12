import { type KeyFacts, read, type Unread, unread } from '../trail/facts.ts';
import type { KeyParts } from './keys.ts';
import type { ResolvedReference } from './resolveReference.ts';

/** What is known of a key, but for what its account tells. */
export type KeyAlone = Omit<KeyFacts, 'resourceControlPolicies' | 'organizationId'>;

/** The key that a trail's reference was resolved to, among keys by ARN; one that is not among them does not exist. */
export function keyNamed(
  keys: ReadonlyMap<string, KeyParts>,
  reference: string,
  resolved: ResolvedReference,
): KeyAlone {
  if (resolved.is === 'unknown') return unreadKey(reference, null, resolved.unread);
  const key = resolved.is === 'key' ? keys.get(resolved.arn) : undefined;
  if (key !== undefined) {
    const { leadsTo: _leadsTo, aliases: _aliases, ...facts } = key;
    return { reference, ...facts };
  }
  const gone = unread('not-found', `there is no key that \`${reference}\` names`);
  return { ...unreadKey(reference, resolved.is === 'key' ? resolved.arn : null, gone), exists: read(false) };
}

export function unreadKey(reference: string, arn: string | null, why: Unread): KeyAlone {
  return { reference, arn, exists: why, metadata: why, policy: why, grants: why, rotation: why };
}

/** A key of which not even the account is known, or that does not exist. */
export const inNoAccount = (key: KeyAlone): KeyFacts => {
  const why = key.exists.read ? unread('not-found', 'the key does not exist') : key.exists;
  return { ...key, resourceControlPolicies: why, organizationId: why };
};
