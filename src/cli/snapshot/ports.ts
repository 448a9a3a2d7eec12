import type { Evaluation } from '../../rule/evaluation.ts';
import type { RulePorts } from '../../rule/ports.ts';
import {
  type BucketFacts,
  type KeyFacts,
  type Reading,
  read,
  type TrailDescription,
  type Unread,
  unread,
} from '../../trail/facts.ts';
import { configurationItemOf } from './history.ts';
import { type ResolvedReference, referenceResolver } from './keyReference.ts';
import type { Snapshot, SnapshotKey } from './snapshot.ts';

/** The rule's ports over a snapshot, with everything that was sent through them. */
export interface SnapshotPorts extends RulePorts {
  readonly sent: readonly Evaluation[];
}

/** Which trails `listTrails` lists: every trail of the snapshot, or those of one account and home Region. */
export type Place = { readonly accountId: string; readonly region: string } | null;

/** Ports that read a snapshot: no network and no clock but the snapshot's own, or else `now`. */
export function snapshotPorts(snapshot: Snapshot, place: Place, now: Date): SnapshotPorts {
  const trails = snapshot.trails
    .map(({ description }) => description)
    .filter((trail) => place === null || (trail.accountId === place.accountId && trail.homeRegion === place.region));
  const statuses = new Map(snapshot.trails.map(({ description, status }) => [description.arn, status]));
  const sent: Evaluation[] = [];
  const keyOf = keyReader(snapshot);
  return {
    sent,
    listTrails: async () => trails,
    trailStatus: async ({ arn }) => statuses.get(arn) ?? unread('not-told', 'the snapshot does not hold this trail'),
    bucket: async (trail) => bucketOf(snapshot, trail),
    key: async (reference, trail) => keyOf(reference, trail),
    organizationId: async (accountId) => organizationOf(snapshot, accountId),
    configurationItem: async (summary) => configurationItemOf(snapshot, summary),
    reportedResourceIds: async () => [],
    putEvaluations: async (evaluations) => {
      sent.push(...evaluations);
      return [];
    },
    now: () => snapshot.collectedAt ?? now,
  };
}

function bucketOf({ buckets }: Snapshot, trail: TrailDescription): Reading<BucketFacts> {
  if (trail.bucketName === null)
    return unread('not-told', 'the snapshot does not say which bucket the trail delivers to');
  return lookUp(buckets, trail.bucketName, `bucket \`${trail.bucketName}\``);
}

function organizationOf({ organizations }: Snapshot, accountId: string): Reading<string | null> {
  return (
    organizations.get(accountId) ??
    unread('not-told', `the snapshot does not say which organization account \`${accountId}\` is in`)
  );
}

/** Looks up one thing of a list that may itself be unread. */
function lookUp<T>(list: Reading<ReadonlyMap<string, Reading<T>>>, name: string, what: string): Reading<T> {
  if (!list.read) return list;
  return list.value.get(name) ?? unread('not-told', `the snapshot does not hold ${what}`);
}

/** The facts of one key are one object, however often they are asked for. */
function keyReader(snapshot: Snapshot): (reference: string, trail: TrailDescription) => KeyFacts {
  const { keys } = snapshot;
  const resolve = referenceResolver(keys.read ? keys.value : new Map());
  const known = new Map<string, KeyFacts>();
  return (reference, trail) => {
    const resolved = resolve(reference, trail);
    // The same words name another key in another account or Region.
    const id = `${reference} ${resolved.is === 'key' ? resolved.arn : `${trail.accountId} ${trail.homeRegion}`}`;
    const facts = known.get(id) ?? keyFacts(snapshot, reference, resolved);
    known.set(id, facts);
    return facts;
  };
}

function keyFacts(snapshot: Snapshot, reference: string, resolved: ResolvedReference): KeyFacts {
  const { keys } = snapshot;
  if (!keys.read) return missingKey(reference, resolved.is === 'key' ? resolved.arn : null, keys, keys);
  if (resolved.is === 'unknown') return missingKey(reference, null, resolved.unread, resolved.unread);
  const gone = unread('not-found', `the snapshot holds no key that \`${reference}\` names`);
  if (resolved.is === 'nothing') return missingKey(reference, null, read(false), gone);
  const key = keys.value.get(resolved.arn);
  return key === undefined
    ? missingKey(reference, resolved.arn, read(false), gone)
    : { reference, ...presentKey(snapshot, key) };
}

function presentKey(snapshot: Snapshot, key: SnapshotKey): Omit<KeyFacts, 'reference'> {
  const [, , , , accountId = ''] = key.arn.split(':');
  return {
    arn: key.arn,
    exists: key.exists,
    metadata: key.metadata,
    policy: key.policy,
    grants: key.grants,
    rotation: key.rotation,
    // Resource control policies never bind the management account's own resources.
    resourceControlPolicies: snapshot.managementAccounts.has(accountId)
      ? read([])
      : lookUp(snapshot.resourceControlPolicies, accountId, `resource control policies of account \`${accountId}\``),
    organizationId: organizationOf(snapshot, accountId),
  };
}

function missingKey(reference: string, arn: string | null, exists: Reading<boolean>, reason: Unread): KeyFacts {
  return {
    reference,
    arn,
    exists,
    metadata: reason,
    policy: reason,
    grants: reason,
    rotation: reason,
    resourceControlPolicies: reason,
    organizationId: reason,
  };
}
