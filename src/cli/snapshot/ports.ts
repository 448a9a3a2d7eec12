import { inNoAccount, type KeyAlone, keyNamed, unreadKey } from '../../facts/keyNamed.ts';
import type { ReferencePlace } from '../../facts/keyReference.ts';
import type { KeyParts } from '../../facts/keys.ts';
import { type NamedOutputs, placeOfTopic, withKeys } from '../../facts/outputs.ts';
import { withUsedKeys } from '../../facts/previousKeys.ts';
import { referenceResolver } from '../../facts/resolveReference.ts';
import { trailEvents } from '../../facts/trailEvents.ts';
import type { Evaluation } from '../../rule/evaluate/evaluation.ts';
import type { RulePorts } from '../../rule/ports.ts';
import { parseArn } from '../../trail/arn.ts';
import {
  type BucketFacts,
  type KeyFacts,
  type Reading,
  read,
  type TrailDescription,
  unread,
} from '../../trail/facts.ts';
import { configurationItemOf } from './history.ts';
import type { Snapshot } from './snapshot.ts';

/** The rule's ports over a snapshot, with everything that was sent through them. */
interface SnapshotPorts extends RulePorts {
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
  const events = new Map(snapshot.trails.map((trail) => [trail.description.arn, trail.events]));
  const outputs = new Map(snapshot.trails.map((trail) => [trail.description.arn, trail.outputs]));
  const sent: Evaluation[] = [];
  const keyOf = keyReader(snapshot);
  const withEarlierKeys = (trail: TrailDescription): NamedOutputs => {
    const named = outputs.get(trail.arn) ?? {};
    const used = snapshot.keysUsed.get(trail.arn) ?? [];
    const present = trail.kmsKeyId === null ? null : keyOf(trail.kmsKeyId, trail).arn;
    return withUsedKeys(
      named,
      used.filter((arn) => arn !== present),
    );
  };
  return {
    sent,
    listTrails: async () => trails,
    ...(snapshot.eventDataStores.length > 0 && { listEventDataStores: async () => storesIn(snapshot, place) }),
    trailStatus: async ({ arn }) => statuses.get(arn) ?? unread('not-told', 'the snapshot does not hold this trail'),
    trailEvents: async ({ arn }) => events.get(arn) ?? trailEvents({}),
    bucket: async (trail) => bucketOf(snapshot, trail),
    trailOutputs: async (trail) =>
      withKeys(withEarlierKeys(trail), (reference, topicArn) =>
        topicArn === null
          ? previousKey(snapshot, reference, keyOf(reference, trail))
          : keyOf(reference, placeOfTopic(topicArn, trail)),
      ),
    key: async (reference, trail) => keyOf(reference, trail),
    organizationId: async (accountId) => organizationOf(snapshot, accountId),
    configurationItem: async (summary) => configurationItemOf(snapshot, summary),
    reportedResources: async () => [],
    putEvaluations: async (evaluations) => {
      sent.push(...evaluations);
      return [];
    },
    now: () => snapshot.collectedAt ?? now,
  };
}

/** A list that could not be read stands as one of its place (`eventdatastore/*`). */
function storesIn({ eventDataStores }: Snapshot, place: Place): Reading<readonly TrailDescription[]> {
  const stores = eventDataStores.filter(
    (store) => place === null || (store.accountId === place.accountId && store.homeRegion === place.region),
  );
  const unlisted = stores.find(({ arn }) => arn.endsWith('/*'));
  return unlisted === undefined ? read(stores) : unread('failed', unlisted.eventDataStore?.unread ?? '');
}

/** A key that no trail names need not be in the snapshot: that it is missing proves nothing. */
function previousKey({ keys }: Snapshot, arn: string, key: KeyFacts): KeyFacts {
  if (!keys.read || keys.value.has(arn)) return key;
  return inNoAccount(unreadKey(arn, arn, unread('not-told', 'the snapshot does not hold the key')));
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
export function keyReader(snapshot: Snapshot): (reference: string, trail: ReferencePlace) => KeyFacts {
  const keys = snapshot.keys.read ? snapshot.keys.value : new Map<string, KeyParts>();
  const resolve = referenceResolver(keys, snapshot.otherKeys);
  const known = new Map<string, KeyFacts>();
  return (reference, trail) => {
    const resolved = resolve(reference, trail);
    const arn = resolved.is === 'key' ? resolved.arn : null;
    // The same words name another key in another account or Region.
    const id = `${reference} ${arn ?? `${trail.accountId} ${trail.homeRegion}`}`;
    const isOther = arn !== null && !keys.has(arn);
    const why = snapshot.keys.read ? (isOther ? snapshot.otherKeys : null) : snapshot.keys;
    const key = () => (why === null ? keyNamed(keys, reference, resolved) : unreadKey(reference, arn, why));
    const facts = known.get(id) ?? withRelatedKeys(snapshot, keys, inItsAccount(snapshot, key()));
    known.set(id, facts);
    return facts;
  };
}

/** The key with the others of the same multi-Region key that the snapshot holds. */
function withRelatedKeys(snapshot: Snapshot, keys: ReadonlyMap<string, KeyParts>, key: KeyFacts): KeyFacts {
  const arns = (key.metadata.read ? key.metadata.value.relatedKeys : null) ?? [];
  const relatedKeys = arns
    .filter((arn) => keys.has(arn))
    .map((arn) => inItsAccount(snapshot, keyNamed(keys, arn, { is: 'key', arn })));
  return relatedKeys.length === 0 ? key : { ...key, relatedKeys };
}

function inItsAccount(snapshot: Snapshot, key: KeyAlone): KeyFacts {
  const accountId = parseArn(key.arn ?? '')?.accountId;
  if (accountId === undefined) return inNoAccount(key);
  return {
    ...key,
    // Resource control policies never bind the management account's own resources.
    resourceControlPolicies: snapshot.managementAccounts.has(accountId)
      ? read([])
      : lookUp(snapshot.resourceControlPolicies, accountId, `resource control policies of account \`${accountId}\``),
    organizationId: organizationOf(snapshot, accountId),
  };
}
