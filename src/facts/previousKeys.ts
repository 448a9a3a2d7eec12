import { CLOUDTRAIL } from '../trail/cloudTrail.ts';
import { type PreviousKeySource, type Reading, read } from '../trail/facts.ts';
import type { KeyEvent } from '../trail/keyUse.ts';
import { distinct } from '../trail/policyNames.ts';
import type { KeyParts } from './keys.ts';
import type { OutputMembers, PreviousKeySourceMember } from './members.ts';
import { readingOf, unreadError } from './readings.ts';

/** The keys that a trail named before, by their ARNs, and where they were looked for. */
export interface NamedPreviousKeys {
  readonly previousKeys?: Reading<readonly string[]>;
  readonly previousKeySources?: readonly PreviousKeySource[];
}

const HISTORY = 'config:GetResourceConfigHistory';

export const previousKeys = ({ PreviousKeys, PreviousKeySources }: OutputMembers): NamedPreviousKeys => ({
  ...(PreviousKeys && { previousKeys: readingOf(PreviousKeys, 'the earlier keys', HISTORY, (arns) => arns) }),
  ...(PreviousKeySources && { previousKeySources: PreviousKeySources.map(sourceOf) }),
});

const sourceOf = ({ Source, Error: error }: PreviousKeySourceMember): PreviousKeySource => ({
  from: Source === 'LookupEvents' ? 'trail-events' : 'config-history',
  unread: error ? unreadError(error, Source === 'LookupEvents' ? 'cloudtrail:LookupEvents' : HISTORY).reason : null,
});

/** The same with the keys that their own events show in use for the trail. */
export function withUsedKeys<T extends NamedPreviousKeys>(outputs: T, used: readonly string[]): T {
  if (used.length === 0) return outputs;
  const { previousKeys: named, previousKeySources } = outputs;
  const sources = previousKeySources ?? (named === undefined ? [] : [historyOf(named)]);
  return {
    ...outputs,
    previousKeys: read(distinct([...(named?.read ? named.value : []), ...used])),
    previousKeySources: [...sources, { from: 'key-events', unread: null }],
  };
}

const historyOf = (named: Reading<unknown>): PreviousKeySource => ({
  from: 'config-history',
  unread: named.read ? null : named.reason,
});

/** The keys of which events show that they encrypt the files of a trail, or decrypted one, by the trail's ARN. */
export function keysUsed(keys: Iterable<Pick<KeyParts, 'arn' | 'events'>>): ReadonlyMap<string, readonly string[]> {
  const used = new Map<string, readonly string[]>();
  for (const { arn, events } of keys) {
    const trails = events?.read ? events.value.flatMap((event) => trailOf(event, arn) ?? []) : [];
    for (const trail of new Set(trails)) used.set(trail, [...(used.get(trail) ?? []), arn]);
  }
  return used;
}

/**
 * Whoever may use a key can ask for a data key in the name of a trail; what it decrypts was encrypted in that name. CloudTrail tries a
 * key with the path of the account's folder, whether or not the trail is given it then.
 */
function trailOf({ name, error, invokedBy, keyArns, encryptionContext }: KeyEvent, key: string): string | null {
  const isTried = encryptionContext['aws:s3:arn']?.endsWith('/') === true;
  const shows = name === 'Decrypt' || (name === 'GenerateDataKey' && invokedBy === CLOUDTRAIL && !isTried);
  return shows && error === null && keyArns.includes(key) ? (encryptionContext['aws:cloudtrail:arn'] ?? null) : null;
}
