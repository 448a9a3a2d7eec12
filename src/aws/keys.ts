import { inNoAccount, keyNamed } from '../facts/keyNamed.ts';
import { type KeyReference, keyOfArn, keyReference } from '../facts/keyReference.ts';
import { keyParts } from '../facts/keys.ts';
import type { Member, PoliciesEntry } from '../facts/members.ts';
import { resourceControlPolicies } from '../facts/organizations.ts';
import { type RecordedItem, recordedKey, withRecord } from '../facts/recordedKeys.ts';
import { referenceResolver } from '../facts/resolveReference.ts';
import { looksAtOrganizations } from '../rule/evaluate/organizationMatters.ts';
import { parseArn } from '../trail/arn.ts';
import { type KeyFacts, type Reading, type TrailDescription, unread } from '../trail/facts.ts';
import type { Accounts } from './accounts.ts';
import { memoize } from './memo.ts';
import { type KeyAccess, keyReader as keyMembers } from './read/key.ts';

interface KeyReader {
  key(reference: string, trail: TrailDescription): Promise<KeyFacts>;
}

interface KeySources {
  /** Whether GetKeyRotationStatus is worth a call. */
  readonly readRotation: boolean;
  readonly throttledIsUnread: boolean;
  /** Asked only where the key's policies compare an organization with more than ids. */
  readonly organizationId: (accountId: string) => Promise<Reading<string | null>>;
  /** `null`: resource control policies are not examined. */
  readonly policies: ((accountId: string) => Promise<PoliciesEntry>) | null;
  /** What AWS Config recorded of a key; `null` where there is no aggregator to ask. */
  readonly recordedItem: ((key: KeyReference) => Promise<Member<RecordedItem>>) | null;
}

/**
 * Reads keys, each distinct one once: live in the Region of the key's ARN, through a role in the key's account where one
 * opens, and from its recorded item what cannot be read so.
 */
export function keyReader(accounts: Accounts, sources: KeySources): KeyReader {
  const { readRotation, throttledIsUnread } = sources;
  const policies = async (accountId: string) => (await sources.policies?.(accountId)) ?? null;
  const members = keyMembers({ accessTo: (key) => accessTo(accounts, key), readRotation, throttledIsUnread, policies });
  const recorded = memoize(async (arn) => {
    const key = keyOfArn(arn);
    return sources.recordedItem === null || key === null ? null : recordedKey(await sources.recordedItem(key), arn);
  });

  return {
    async key(reference, trail) {
      const named = keyReference(reference, trail);
      const entries = named === null ? [] : await members.entries(named);
      const keys = new Map(entries.map((entry) => [entry.KeyArn, keyParts(entry)]));
      const live = keyNamed(keys, reference, referenceResolver(keys)(reference, trail));
      const { arn } = live;
      if (arn === null || (live.exists.read && !live.exists.value)) return inNoAccount(live);
      const record = live.policy.read && live.metadata.read ? null : await recorded(arn);
      const key = record === null ? live : withRecord(live, record);
      const accountId = parseArn(arn)?.accountId ?? '';
      const control = await policies(accountId);
      const applied = control === null ? NOT_EXAMINED : resourceControlPolicies(control);
      const organizationId = looksAtOrganizations({ ...key, resourceControlPolicies: applied })
        ? await sources.organizationId(accountId)
        : NOTHING_DEPENDS_ON_IT;
      return {
        ...key,
        rotation: readRotation ? key.rotation : NOT_REQUIRED,
        resourceControlPolicies: applied,
        organizationId,
      };
    },
  };
}

const NOT_REQUIRED = unread('not-asked', 'rotation is read only when `requireKeyRotation` is true');
const NOT_EXAMINED = unread('not-asked', 'resource control policies were not examined');
const NOTHING_DEPENDS_ON_IT = unread('not-asked', 'not read, since nothing depends on the organization');

/** Everything but the policy is shown across accounts, to whom the key policy allows it. */
async function accessTo(accounts: Accounts, key: KeyReference): Promise<KeyAccess> {
  const { partition = '' } = parseArn(key.arn) ?? {};
  const readerArn = accounts.keyReaderArn(key.accountId, partition);
  const entry = await accounts.keyReader(key.accountId, partition);
  if ('access' in entry) return { ...entry.access, closed: null, readerArn };
  return { ...(await accounts.rule()), closed: entry.closed, readerArn };
}
