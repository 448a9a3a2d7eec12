import { readBucket } from '../../aws/read/bucket.ts';
import { withBucketPolicy } from '../../aws/read/bucketPolicy.ts';
import { changeEventReader } from '../../aws/read/changeEvents.ts';
import { keyReader } from '../../aws/read/key.ts';
import { keyEventReader } from '../../aws/read/keyEvents.ts';
import { eventLookup } from '../../aws/read/lookUp.ts';
import { organizationNotRead, readOrganization } from '../../aws/read/organization.ts';
import { resourceControlPolicyReader } from '../../aws/read/resourceControlPolicies.ts';
import { readTrailStatus, statusNotRead } from '../../aws/read/trail.ts';
import { readTrailEvents, trailEventsNotRead } from '../../aws/read/trailEvents.ts';
import { type KeyReference, keyOfArn, keyReference, type ReferencePlace } from '../../facts/keyReference.ts';
import { keyParts } from '../../facts/keys.ts';
import type {
  BucketEntry,
  KeyEntry,
  Member,
  OrganizationEntry,
  PoliciesEntry,
  StatusMember,
} from '../../facts/members.ts';
import { resourceControlPolicies } from '../../facts/organizations.ts';
import type { TrailEventMembers } from '../../facts/trailEvents.ts';
import { once } from '../../rule/concurrency.ts';
import { KEY_CHANGES, TRAIL_CHANGES } from '../../trail/changes.ts';
import { unread } from '../../trail/facts.ts';
import { keyLooksAtPath } from '../../trail/logPaths.ts';
import type { TrailEntry } from './document.ts';
import { outputsReader } from './outputs.ts';
import { type AccountAccess, accessIn, keyAccess } from './reach.ts';
import type { LiveRequest } from './request.ts';
import type { FoundTrail } from './trails.ts';

/** Reads what trails share, each thing once, and keeps it for the document. */
export function membersReader(
  reach: AccountAccess,
  { alsoRead = [], throttledIsUnread = false }: Pick<LiveRequest, 'alsoRead' | 'throttledIsUnread'>,
) {
  const { own, home } = reach;
  const keys = new Map<string, KeyEntry>();
  const buckets = new Map<string, BucketEntry>();
  const policies = new Map<string, PoliciesEntry>();
  const organizations = new Map<string, OrganizationEntry>();
  /** By the account of a key, the account of the first trail that uses one there: it asks where the key's own is closed. */
  const users = new Map<string, string>();
  const onceEach = once<void>();
  const readPolicies = resourceControlPolicyReader(own, home);

  const accessTo = async (key: KeyReference) =>
    keyAccess(reach, key, (await accessIn(reach, users.get(key.accountId) ?? home.accountId, own)).access);
  const keyMembers = keyReader({
    accessTo,
    readRotation: true,
    throttledIsUnread,
    policies: async (accountId) => {
      const entry = await readPolicies(accountId);
      policies.set(accountId, entry);
      return entry;
    },
  });

  const lookUp = eventLookup();
  const keyEvents = keyEventReader(accessTo, lookUp);
  const changeEvents = changeEventReader(lookUp);
  const withEvents = async (entry: KeyEntry): Promise<KeyEntry> => {
    const key = keyOfArn(entry.KeyArn);
    // Under an alias, and of a key that is gone, stands no more than what DescribeKey answers.
    if (key === null || entry.Policy === undefined) return entry;
    const asksForHistory = alsoRead.includes('history');
    const access = asksForHistory ? await accessTo(key) : null;
    const [events, ChangeEvents] = await Promise.all([
      alsoRead.includes('key-events') ? keyEvents(key) : {},
      access === null ? null : changeEvents(access, access.closed, KEY_CHANGES, key),
    ]);
    return { ...entry, ...events, ...(ChangeEvents !== null && { ChangeEvents }) };
  };
  /** What changed the trail. */
  const history = async (trail: FoundTrail): Promise<Pick<TrailEntry, 'ChangeEvents'>> => {
    if (!alsoRead.includes('history')) return {};
    const { access, closed } = await accessIn(reach, trail.accountId, own);
    const { arn, accountId, homeRegion: region } = trail;
    return { ChangeEvents: await changeEvents(access, closed, TRAIL_CHANGES, { arn, accountId, region }) };
  };

  const organization = (accountId: string): Promise<void> =>
    onceEach(`organization ${accountId}`, async () => {
      const { access, closed } = await accessIn(reach, accountId, own);
      const entry =
        closed === null
          ? await readOrganization(access, home.region)
          : organizationNotRead(own, accountId, closed, home.region);
      organizations.set(accountId, entry);
    });

  /** Whether the key's policies look at the path of the file that is encrypted, by the ARN of the key or alias. */
  const looking = new Map<string, boolean>();
  const looksAtPath = (entries: readonly KeyEntry[], control: PoliciesEntry | undefined): boolean => {
    const resourceControl = control === undefined ? NOT_EXAMINED : resourceControlPolicies(control);
    return entries.some((entry) => keyLooksAtPath({ ...keyParts(entry), resourceControlPolicies: resourceControl }));
  };

  const keep = (entry: KeyEntry) => keys.set(entry.KeyArn, { ...keys.get(entry.KeyArn), ...entry });

  /** @returns whether the key's policies look at the path of the file that is encrypted */
  const key = async (place: ReferencePlace, reference: string): Promise<boolean> => {
    const named = keyReference(reference, place);
    if (named === null) return false;
    if (!users.has(named.accountId)) users.set(named.accountId, place.accountId);
    const [read] = await Promise.all([keyMembers.entries(named), organization(named.accountId)]);
    const entries = await Promise.all(read.map(withEvents));
    // A key that trails name by its ARN and by an alias has its aliases in one of the entries.
    entries.forEach(keep);
    const looks = looking.get(named.arn) ?? looksAtPath(entries, policies.get(named.accountId));
    looking.set(named.arn, looks);
    return looks;
  };

  /** Which events the trail delivers: read where it decides something. */
  const events = async (trail: FoundTrail): Promise<TrailEventMembers> => {
    const { access, closed } = await accessIn(reach, trail.accountId, own);
    if (closed !== null && trail.isOrganization === false) return trailEventsNotRead(own, trail, closed);
    return readTrailEvents(access, trail);
  };

  const outputs = outputsReader(
    reach,
    alsoRead,
    {
      read: key,
      describe: async (place, reference) => {
        const named = keyReference(reference, place);
        if (named === null) return;
        if (!users.has(named.accountId)) users.set(named.accountId, place.accountId);
        keep(await keyMembers.described(named));
      },
    },
    changeEvents,
  );

  const bucket = ({ accountId, partition, homeRegion }: FoundTrail, name: string): Promise<void> =>
    onceEach(`bucket ${name}`, async () => {
      const { access } = await accessIn(reach, accountId, own);
      const entry = await readBucket(access, { name, partition }, homeRegion, throttledIsUnread);
      const asksForPolicy = alsoRead.includes('bucket-policy');
      buckets.set(name, asksForPolicy ? await withBucketPolicy(access, { name, partition }, entry) : entry);
    });

  return {
    async status(trail: FoundTrail): Promise<Member<StatusMember>> {
      const { access, closed } = await accessIn(reach, trail.accountId, own);
      // CloudTrail shows an organization trail to every member, and any other trail to its own account alone.
      if (closed !== null && trail.isOrganization === false) return statusNotRead(own, trail, closed);
      return readTrailStatus(access, trail);
    },
    async around(trail: FoundTrail): Promise<Omit<TrailEntry, 'Trail' | 'Status'>> {
      const [looks, others, changes] = await Promise.all([
        trail.kmsKeyId === null ? false : key(trail, trail.kmsKeyId),
        outputs(trail),
        history(trail),
        organization(trail.accountId),
        trail.bucketName === null ? null : bucket(trail, trail.bucketName),
      ]);
      return { ...others, ...changes, ...(looks ? await events(trail) : {}) };
    },
    key,
    keys: () => sorted(keys),
    buckets: () => sorted(buckets),
    policies: () => sorted(policies),
    organizations: () => sorted(organizations),
  };
}

const NOT_EXAMINED = unread('not-asked', 'resource control policies were not examined');

/** By name: the same account gives the same document. */
const sorted = <T>(entries: ReadonlyMap<string, T>): readonly T[] =>
  [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
