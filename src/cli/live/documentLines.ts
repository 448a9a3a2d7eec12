import { describeEventDataStore } from '../../facts/eventDataStores.ts';
import { keyReference, type ReferencePlace } from '../../facts/keyReference.ts';
import { type KeyParts, keyParts } from '../../facts/keys.ts';
import { isErrorMember, type OutputMembers } from '../../facts/members.ts';
import { placeOfTopic } from '../../facts/outputs.ts';
import { keysUsed } from '../../facts/previousKeys.ts';
import { referenceResolver } from '../../facts/resolveReference.ts';
import { parseArn } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import type { SnapshotDocument } from './document.ts';
import { foundTrail } from './trails.ts';

/**
 * A document as JSON lines, each of them a small snapshot: first what is about all, then a trail or event data store a line
 * with everything that its evaluation needs, so that a line may be taken out, sorted or sent elsewhere.
 */
export function* documentLines({ version, collectedAt, coverage, accounts, trails, ...rest }: SnapshotDocument) {
  const { eventDataStores = [], ...shared } = rest;
  yield lineOf({ version, collectedAt, coverage, accounts });
  const around = membersOf(shared);
  // A trail of an organization tells which account manages it, and that bears on keys of other trails.
  for (const entry of trails.toSorted((one, other) => Number(ofOrganization(other)) - Number(ofOrganization(one))))
    yield lineOf({ trails: [entry], ...(isErrorMember(entry) ? {} : around(foundTrail(entry.Trail), entry)) });
  for (const entry of eventDataStores)
    yield lineOf({ eventDataStores: [entry], ...around(describeEventDataStore(entry)) });
}

const lineOf = (document: unknown): string => `${JSON.stringify(document)}\n`;

const ofOrganization = (entry: SnapshotDocument['trails'][number]): boolean =>
  !isErrorMember(entry) && entry.Trail.IsOrganizationTrail === true;

/** What of the shared lists one trail or event data store needs; a list without it is left out. */
function membersOf({
  keys,
  buckets,
  resourceControlPolicies,
  organizations,
}: Pick<SnapshotDocument, 'keys' | 'buckets' | 'resourceControlPolicies' | 'organizations'>) {
  const keysByArn = new Map(keys.map((entry) => [entry.KeyArn, entry]));
  const parts = new Map(keys.map((entry) => [entry.KeyArn, keyParts(entry)]));
  const resolve = referenceResolver(parts);
  const used = keysUsed(parts.values());
  const bucketsByName = new Map(buckets.map((entry) => [entry.Name, entry]));
  const policiesByAccount = new Map(resourceControlPolicies.map((entry) => [entry.AccountId, entry]));
  const organizationsByAccount = new Map(organizations.map((entry) => [entry.AccountId, entry]));
  return (trail: TrailDescription, { Topic, PreviousKeys }: OutputMembers = {}) => {
    const named = (reference: string | null, place: ReferencePlace = trail) =>
      reference === null ? [] : namesOf(parts, resolve, reference, place);
    const arns = new Set([
      ...named(trail.kmsKeyId),
      ...(Topic && !isErrorMember(Topic) ? named(Topic.KmsMasterKeyId || null, placeOfTopic(Topic.Arn, trail)) : []),
      ...(PreviousKeys && !isErrorMember(PreviousKeys) ? PreviousKeys.flatMap((arn) => [...named(arn)]) : []),
      ...(used.get(trail.arn) ?? []),
    ]);
    const ofTrail = [...present(keysByArn, arns)];
    const keyAccounts = new Set(ofTrail.flatMap(({ KeyArn }) => parseArn(KeyArn)?.accountId ?? []));
    const lists = {
      keys: ofTrail,
      buckets: [...present(bucketsByName, [trail.bucketName ?? ''])],
      resourceControlPolicies: [...present(policiesByAccount, keyAccounts)],
      organizations: [...present(organizationsByAccount, new Set([trail.accountId, ...keyAccounts]))],
    };
    return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  };
}

/** The ARN that a trail names, of the key that an alias leads to, and of the other replicas of a multi-Region key. */
function namesOf(
  keys: ReadonlyMap<string, KeyParts>,
  resolve: ReturnType<typeof referenceResolver>,
  reference: string,
  trail: ReferencePlace,
): ReadonlySet<string> {
  const named = keyReference(reference, trail);
  const resolved = resolve(reference, trail);
  const arns = new Set([...(named === null ? [] : [named.arn]), ...(resolved.is === 'key' ? [resolved.arn] : [])]);
  // The set grows while it is walked through.
  for (const arn of arns) {
    const metadata = keys.get(arn)?.metadata;
    for (const related of (metadata?.read && metadata.value.relatedKeys) || []) arns.add(related);
  }
  return arns;
}

function* present<T>(entries: ReadonlyMap<string, T>, names: Iterable<string>): Generator<T> {
  for (const name of names) {
    const entry = entries.get(name);
    if (entry !== undefined) yield entry;
  }
}
