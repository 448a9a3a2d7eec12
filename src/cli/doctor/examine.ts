import type { Access } from '../../aws/access.ts';
import { InfrastructureError } from '../../aws/errors.ts';
import { readEventDataStores } from '../../aws/read/eventDataStores.ts';
import { readAliases } from '../../aws/read/key.ts';
import { readOrganization } from '../../aws/read/organization.ts';
import { readTrailEvents } from '../../aws/read/trailEvents.ts';
import { ownerOfKey, ownerOfTrail } from '../../aws/write/owners.ts';
import { type KeyReference, keyOfArn, keyReference } from '../../facts/keyReference.ts';
import { isErrorMember, type OrganizationEntry } from '../../facts/members.ts';
import { mapConcurrently } from '../../rule/concurrency.ts';
import { listTrails } from '../live/list.ts';
import { membersReader } from '../live/membersReader.ts';
import type { Progress } from '../live/progress.ts';
import { type AccountAccess, keyAccess } from '../live/reach.ts';
import type { LiveRequest } from '../live/request.ts';
import type { FoundTrail } from '../live/trails.ts';

/** Accounts in which calls are tried at the same time. */
const ACCOUNTS_AT_ONCE = 8;

/** What was found on the way; what became of each call tells whoever watches the reach. */
export interface Examined {
  readonly accounts: readonly string[];
  readonly trails: number;
  readonly organization: OrganizationEntry | null;
  /** Accounts that there is no way into, with the reason. */
  readonly closed: ReadonlyMap<string, string>;
}

/**
 * Makes each call that reading takes: every list of trails, and the rest of one trail in each account, with a key where
 * one has any. Nothing is written.
 *
 * @param owners also makes those that come before a change
 * @throws BadInput
 */
export async function examine(
  request: LiveRequest,
  given: AccountAccess,
  owners: boolean,
  progress: Progress,
): Promise<Examined> {
  const closed = new Map<string, string>();
  const reach: AccountAccess = {
    ...given,
    async enter(accountId) {
      const entry = await given.enter(accountId);
      if ('closed' in entry) closed.set(accountId, entry.closed);
      return entry;
    },
  };
  const { trails, accounts } = await listed(request, reach, progress);
  const members = membersReader(reach, request);
  const samples = samplesOf(trails);
  await mapConcurrently(samples, ACCOUNTS_AT_ONCE, async (trail) => {
    await tried(() => members.status(trail));
    const events = await tried(() => members.around(trail));
    const entry = await tried(() => reach.enter(trail.accountId));
    const access = entry !== null && 'access' in entry ? entry.access : null;
    // Made where a policy asks for it; which key will have such a policy nobody knows.
    const seldom = { ...trail, hasCustomEventSelectors: true };
    if (access !== null && events?.EventConfiguration === undefined) await tried(() => readTrailEvents(access, seldom));
    if (access !== null && owners) await tried(() => ownerOfTrail(access, trail.arn));
    if (access !== null && request.alsoRead?.includes('event-data-stores') === true)
      await tried(() => readEventDataStores(access, trail.homeRegion, trail.partition));
    const key = keyOf(trail, members.keys());
    if (key !== null) await tried(() => lookAtKey(reach, key, access ?? reach.own, owners));
  });
  const { own, home } = reach;
  const known = members.organizations().find(({ AccountId }) => AccountId === home.accountId);
  return {
    accounts: accounts.length > 0 ? accounts.map(({ AccountId }) => AccountId) : samples.map((one) => one.accountId),
    trails: trails.length,
    organization: known ?? (await tried(() => readOrganization(own, home.region))),
    closed,
  };
}

/** Who may not list the accounts, or ask the aggregator, still learns about the own account. */
async function listed(request: LiveRequest, reach: AccountAccess, progress: Progress) {
  const list = await tried(() => listTrails(request, reach, progress));
  return list ?? listTrails({ ...request, accounts: null, aggregator: null }, reach, progress);
}

/** One trail of each account. */
function samplesOf(trails: readonly FoundTrail[]): readonly FoundTrail[] {
  const samples = new Map<string, FoundTrail>();
  for (const trail of trails) {
    const known = samples.get(trail.accountId);
    if (known === undefined || (known.kmsKeyId === null && trail.kmsKeyId !== null))
      samples.set(trail.accountId, trail);
  }
  return [...samples.values()];
}

/** The key of a trail by its own ARN; `null`: none, or an alias that could not be followed. */
function keyOf(trail: FoundTrail, entries: ReturnType<ReturnType<typeof membersReader>['keys']>): KeyReference | null {
  const named = trail.kmsKeyId === null ? null : keyReference(trail.kmsKeyId, trail);
  if (named === null || !named.isAlias) return named;
  const metadata = entries.find(({ KeyArn }) => KeyArn === named.arn)?.KeyMetadata;
  return metadata === undefined || metadata === null || isErrorMember(metadata) ? null : keyOfArn(metadata.Arn ?? '');
}

async function lookAtKey(reach: AccountAccess, key: KeyReference, fallback: Access, owners: boolean): Promise<void> {
  const access = await keyAccess(reach, key, fallback);
  await tried(() => readAliases(access, key));
  if (owners) await tried(() => ownerOfKey(access, key.arn));
}

/** What fails has been told by then. */
async function tried<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof InfrastructureError) return null;
    throw error;
  }
}
