import { comparesOrganizations } from '../rule/organizationMatters.ts';
import { type KeyFacts, type Reading, read, type TrailDescription, type Unread, unread } from '../trail/facts.ts';
import type { Accounts } from './accounts.ts';
import { describeKey, type KeyAccess, readGrants, readPolicy, readRotation } from './keyReads.ts';
import { type KeyReference, keyReference } from './keyReference.ts';
import { memoize } from './memo.ts';
import type { RecordedKey } from './recordedKeys.ts';

export interface KeyReader {
  key(reference: string, trail: TrailDescription): Promise<KeyFacts>;
}

export interface KeySources {
  /** Whether GetKeyRotationStatus is worth a call. */
  readonly readRotation: boolean;
  /** Asked only where the key's policies compare an organization with more than ids. */
  readonly organizationId: (accountId: string) => Promise<Reading<string | null>>;
  readonly resourceControlPolicies: (accountId: string) => Promise<KeyFacts['resourceControlPolicies']>;
  /** What AWS Config recorded of a key; `null` where there is no aggregator to ask. */
  readonly recordedKey: ((key: KeyReference) => Promise<RecordedKey>) | null;
}

/** The parts of a key that its ARN alone leads to. */
type KeyDetails = Pick<KeyFacts, 'policy' | 'grants' | 'rotation' | 'resourceControlPolicies' | 'organizationId'>;

/**
 * Reads keys, each distinct one once: live in the Region of the key's ARN, through a role in the key's account where one
 * opens, and from its recorded item what cannot be read so.
 */
export function keyReader(accounts: Accounts, sources: KeySources): KeyReader {
  const accessTo = async (key: KeyReference): Promise<KeyAccess> => {
    const [, partition = ''] = key.arn.split(':');
    const readerArn = accounts.keyReaderArn(key.accountId, partition);
    const entry = await accounts.keyReader(key.accountId, partition);
    if ('access' in entry) return { ...entry.access, closed: null, readerArn };
    // Everything but the policy is shown across accounts, to whom the key policy lets in.
    return { ...(await accounts.rule()), closed: entry.closed, readerArn };
  };
  const describe = memoize(async (arn) => {
    const key = parsed(arn);
    return describeKey(await accessTo(key), key);
  });
  const recorded = memoize(async (arn) => sources.recordedKey?.(parsed(arn)) ?? null);
  const details = memoize(async (arn): Promise<KeyDetails> => {
    const key = parsed(arn);
    const access = await accessTo(key);
    const [live, grants, rotation, resourceControlPolicies] = await Promise.all([
      readPolicy(access, key),
      readGrants(access, key),
      sources.readRotation
        ? readRotation(access, key)
        : unread('not-asked', 'rotation is read only when `requireKeyRotation` is true'),
      sources.resourceControlPolicies(key.accountId),
    ]);
    const policy = live.read ? live : either(live, (await recorded(arn))?.policy);
    const organizationId = comparesOrganizations({ policy, resourceControlPolicies })
      ? await sources.organizationId(key.accountId)
      : unread('not-asked', 'not read, since nothing depends on the organization');
    return { policy, grants, rotation, resourceControlPolicies, organizationId };
  });

  return {
    async key(reference, trail) {
      const named = keyReference(reference, trail);
      if (named === null) return absentKey(reference, null, `\`${reference}\` is no key, alias or key ARN`);
      const described = await describe(named.arn);
      const { arn, exists, metadata } = described;
      if (exists.read && !exists.value) return absentKey(reference, named.arn, 'the key does not exist');
      if (arn === null) {
        const reason = metadata.read ? unread('not-told', 'the alias was not resolved') : metadata;
        return { ...nothingOf(reason), reference, arn, exists, metadata };
      }
      const found = await details(arn);
      // Who answers for a key's policy or grants has the key, even where it may not be described.
      const answers = (found.policy.read && found.policy.capturedAt === undefined) || found.grants.read;
      if (metadata.read) return { reference, arn, exists, metadata, ...found };
      const record = await recorded(arn);
      const facts = {
        exists: exists.read ? exists : answers ? read(true) : either(exists, record?.exists),
        metadata: either(metadata, record?.metadata),
      };
      if (facts.exists.read && !facts.exists.value) {
        return { ...absentKey(reference, arn, 'the key was deleted'), exists: facts.exists };
      }
      return { reference, arn, ...facts, ...found };
    },
  };
}

/** What was recorded in place of what cannot be read live, or both reasons. */
function either<T>(live: Unread, record: Reading<T> | undefined): Reading<T> {
  if (record === undefined || record.read) return record ?? live;
  return unread(live.code, `${live.reason}; ${record.reason}`);
}

function parsed(arn: string): KeyReference {
  const key = keyReference(arn, { partition: '', accountId: '', homeRegion: '' });
  if (key === null) throw new Error(`\`${arn}\` is no key ARN`);
  return key;
}

function absentKey(reference: string, arn: string | null, reason: string): KeyFacts {
  const resolved = arn?.includes(':key/') ? arn : null;
  return { ...nothingOf(unread('not-found', reason)), reference, arn: resolved, exists: read(false) };
}

const nothingOf = (reason: Unread): Omit<KeyFacts, 'reference' | 'arn'> => ({
  exists: reason,
  metadata: reason,
  policy: reason,
  grants: reason,
  rotation: reason,
  resourceControlPolicies: reason,
  organizationId: reason,
});
