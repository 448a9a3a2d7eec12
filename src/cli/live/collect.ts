import { keyReference } from '../../aws/keyReference.ts';
import { memoize } from '../../aws/memo.ts';
import { mapConcurrently, once } from '../../rule/concurrency.ts';
import { messageOf } from '../io.ts';
import type {
  BucketEntry,
  KeyEntry,
  Member,
  OrganizationEntry,
  PoliciesEntry,
  SnapshotDocument,
  TrailEntry,
} from './document.ts';
import { failureAt } from './failure.ts';
import { readKey } from './keys.ts';
import { counted, listTrails } from './list.ts';
import type { Progress } from './progress.ts';
import type { Reach } from './reach.ts';
import type { LiveRequest } from './request.ts';
import { policiesReader, readBucket, readOrganization } from './surroundings.ts';
import { type FoundTrail, trailStatus } from './trails.ts';

/** Trails that are being read, for the memory that they take; how many calls go out at once `aws/turns.ts` says. */
const TRAILS_AT_ONCE = 64;

/** What was read, and whether something that was asked for is missing. */
export interface Collected {
  readonly document: SnapshotDocument;
  readonly isWhole: boolean;
}

/**
 * Reads trails and everything that their evaluation needs. Each distinct key, bucket and account is read once.
 *
 * A read that AWS denies stands as its error in the document. What AWS cannot be asked for (throttling, timeouts) is no
 * fact about a trail: the whole trail then stands as an error, and the document is not whole.
 *
 * @param now the clock of every evaluation of the document
 * @throws BadInput; InfrastructureError when there is no list of accounts to begin with
 */
export async function collect(request: LiveRequest, reach: Reach, progress: Progress, now: Date): Promise<Collected> {
  const { trails, failures } = await listTrails(request, reach, progress);
  const facts = factsReader(reach);
  let finished = 0;
  let isWhole = failures.length === 0;
  const entries = await mapConcurrently(trails, TRAILS_AT_ONCE, async (trail): Promise<Member<TrailEntry>> => {
    try {
      const [Status] = await Promise.all([facts.status(trail), facts.around(trail)]);
      return { Trail: trail.Trail, Status };
    } catch (error) {
      isWhole = false;
      progress.problem(`trail ${trail.arn} could not be read: ${messageOf(error)}`);
      return { Error: failureAt(trail.arn, error) };
    } finally {
      finished += 1;
      progress.update(`read ${finished} of ${counted(trails.length, 'trail')}`);
    }
  });
  progress.done(`read ${counted(trails.length, 'trail')}, ${counted(facts.keys().length, 'key')}`);
  const document: SnapshotDocument = {
    version: 1,
    collectedAt: now.toISOString(),
    trails: [...entries, ...failures.map((failure) => ({ Error: failure }))],
    keys: facts.keys(),
    buckets: facts.buckets(),
    resourceControlPolicies: facts.policies(),
    organizations: facts.organizations(),
  };
  return { document, isWhole };
}

/** Reads what trails share, each thing once, and keeps it for the document. */
function factsReader(reach: Reach) {
  const keys = new Map<string, KeyEntry>();
  const buckets = new Map<string, BucketEntry>();
  const policies = new Map<string, PoliciesEntry>();
  const organizations = new Map<string, OrganizationEntry>();
  const onceEach = once<void>();
  const readPolicies = policiesReader(reach);
  const enter = memoize((accountId) => reach.enter(accountId));

  /** The account's own access, or else `fallback`, with the reason. */
  const accessTo = async (accountId: string, fallback: Reach['own']) => {
    const entry = await enter(accountId);
    return 'access' in entry ? { access: entry.access, closed: null } : { access: fallback, closed: entry.closed };
  };

  const organization = (accountId: string): Promise<void> =>
    onceEach(`organization ${accountId}`, async () => {
      const entry = await enter(accountId);
      if ('access' in entry) organizations.set(accountId, await readOrganization(entry.access, reach.home.region));
    });

  const key = async (trail: FoundTrail, reference: string): Promise<void> => {
    const named = keyReference(reference, trail);
    if (named === null) return;
    await onceEach(`key ${named.arn}`, async () => {
      const trailAccess = await accessTo(trail.accountId, reach.own);
      const { access, closed } = await accessTo(named.accountId, trailAccess.access);
      const entry = await readKey(access, named, closed);
      if (entry !== null) keys.set(entry.KeyArn, entry);
    });
    await Promise.all([
      organization(named.accountId),
      onceEach(`policies ${named.accountId}`, async () => {
        policies.set(named.accountId, await readPolicies(named.accountId));
      }),
    ]);
  };

  const bucket = (trail: FoundTrail, name: string): Promise<void> =>
    onceEach(`bucket ${name}`, async () => {
      const { access } = await accessTo(trail.accountId, reach.own);
      buckets.set(name, await readBucket(access, trail, name));
    });

  return {
    async status(trail: FoundTrail) {
      const { access } = await accessTo(trail.accountId, reach.own);
      return trailStatus(access, trail);
    },
    async around(trail: FoundTrail): Promise<void> {
      await Promise.all([
        organization(trail.accountId),
        trail.kmsKeyId === null ? null : key(trail, trail.kmsKeyId),
        trail.bucketName === null ? null : bucket(trail, trail.bucketName),
      ]);
    },
    keys: () => sorted(keys),
    buckets: () => sorted(buckets),
    policies: () => sorted(policies),
    organizations: () => sorted(organizations),
  };
}

/** By name: the same account gives the same document. */
const sorted = <T>(entries: ReadonlyMap<string, T>): readonly T[] =>
  [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
