import type { Access } from '../../aws/access.ts';
import { type ListedAccount, organizationAccounts } from '../../aws/read/accounts.ts';
import { enabledRegions } from '../../aws/read/regions.ts';
import { countShown, listTrails as trailsIn } from '../../aws/read/trail.ts';
import type { Coverage, CoveredRegion } from '../../report/coverage.ts';
import { mapConcurrently } from '../../rule/concurrency.ts';
import { BadInput } from '../errors.ts';
import { messageOf } from '../io.ts';
import { type Failure, failureAt } from './failure.ts';
import type { Progress } from './progress.ts';
import type { AccountAccess, AccountEntry } from './reach.ts';
import { recordedTrails } from './recordedTrails.ts';
import type { LiveRequest } from './request.ts';
import { distinctTrails, type FoundTrail, foundTrail } from './trails.ts';
import { CLOSING, closedBy, mayBeDisabled, placesInWords, type UnreadPlace } from './unreadPlaces.ts';

/** Accounts that are listed at the same time, each with all of its Regions. */
const ACCOUNTS_AT_ONCE = 8;

interface TrailList {
  readonly trails: readonly FoundTrail[];
  /** Accounts and Regions whose trails could not be listed. */
  readonly failures: readonly Failure[];
  /** The same, as places: what a policy closes apart from what failed. */
  readonly unreadPlaces: readonly UnreadPlace[];
  /** Trails that live elsewhere and are shown in a place that was asked; counted only where no trail lives in any. */
  readonly replicas: number;
  readonly coverage: Coverage | null;
  /** Those of an organization, with their names. */
  readonly accounts: readonly ListedAccount[];
}

/**
 * The trails of the accounts and Regions asked for, each once. An account or Region that fails is named and passed over.
 *
 * @param found is told of trails as soon as they are listed, at times of one that another place lists too
 * @throws BadInput; InfrastructureError when the accounts themselves, or the aggregator, cannot be listed
 */
export async function listTrails(
  request: LiveRequest,
  reach: AccountAccess,
  progress: Progress,
  found: (trails: readonly FoundTrail[]) => void = () => undefined,
): Promise<TrailList> {
  progress.update('looking for trails');
  if (request.aggregator !== null) return recorded(request, request.aggregator, reach, progress);
  const listed = await accountsOf(request, reach);
  const accounts = listed.map(({ AccountId }) => AccountId);
  const places = new Map(accounts.map((accountId): [string, CoveredRegion[]] => [accountId, []]));
  const unreadPlaces: UnreadPlace[] = [];
  const fail: Fail = (accountId, region, error, isDisabled = false) => {
    const where = region === null ? `account ${accountId}` : `account ${accountId} in ${region}`;
    const policy = closedBy(error);
    const status = policy !== null ? 'denied' : isDisabled ? 'disabled' : 'failed';
    unreadPlaces.push({ accountId, region, status, deniedBy: policy, error: failureAt(where, error) });
    const why = isDisabled ? 'the Region is not enabled' : messageOf(error);
    const deniedBy = policy === null ? {} : { deniedBy: CLOSING[policy] };
    const came = status === 'disabled' ? 'skipped' : 'failed';
    places.get(accountId)?.push({ region, status: came, trails: null, reason: why, ...deniedBy });
    progress.problem(`${where} could not be read: ${why}`);
  };
  let finished = 0;
  const perAccount = await mapConcurrently(accounts, ACCOUNTS_AT_ONCE, async (accountId) => {
    const trails = await inAccount(accountId, request, reach, fail, (region, trails) => {
      places.get(accountId)?.push({ region, status: 'read', trails: trails.length, reason: null });
      found(trails);
    });
    finished += 1;
    const share = accounts.length > 1 ? ` (${finished} of ${accounts.length} accounts)` : '';
    if (trails !== null) progress.done(`account ${accountId}: ${counted(trails.length, 'trail')}${share}`);
    return trails ?? [];
  });
  const trails = distinctTrails(perAccount.flat());
  const replicas = trails.length + unreadPlaces.length === 0 ? await replicasIn(accounts, request, reach) : 0;
  const apart = placesInWords(unreadPlaces);
  if (apart !== '') progress.problem(`not read: ${apart}`);
  const failures = unreadPlaces.map(({ error }) => error);
  return { trails, failures, unreadPlaces, replicas, coverage: coverageOf(listed, places), accounts: listed };
}

const coverageOf = (
  accounts: readonly ListedAccount[],
  places: ReadonlyMap<string, readonly CoveredRegion[]>,
): Coverage => ({
  accounts: accounts.map(({ AccountId, Name }) => ({
    accountId: AccountId,
    name: Name,
    regions: (places.get(AccountId) ?? []).toSorted((one, other) => compare(one.region ?? '', other.region ?? '')),
  })),
});

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

async function replicasIn(accounts: readonly string[], request: LiveRequest, reach: AccountAccess): Promise<number> {
  const shown = await mapConcurrently(accounts, ACCOUNTS_AT_ONCE, async (accountId) => {
    const access = opened(await reach.enter(accountId));
    const regions = await regionsOf(access, request, reach);
    return Promise.all(regions.map((region) => countShown(access, region)));
  });
  return shown.flat().reduce((sum, count) => sum + count, 0);
}

async function regionsOf(
  access: Access,
  { regions }: LiveRequest,
  { home }: AccountAccess,
): Promise<readonly string[]> {
  return regions === 'all' ? enabledRegions(access, home.region) : (regions ?? [home.region]);
}

/** `1 trail`, `2 trails`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

async function recorded(
  { accounts, regions }: LiveRequest,
  aggregator: string,
  { own, home }: AccountAccess,
  progress: Progress,
): Promise<TrailList> {
  const { trails: found, failures } = await recordedTrails(own, home, aggregator);
  for (const { Message } of failures) progress.problem(`${Message}`);
  const wanted = (list: readonly string[] | string | null, value: string): boolean =>
    !Array.isArray(list) || list.includes(value);
  const trails = distinctTrails(found).filter(
    (trail) => wanted(accounts, trail.accountId) && wanted(regions, trail.homeRegion),
  );
  progress.done(`aggregator ${aggregator}: ${counted(trails.length, 'trail')}`);
  const replicas = found.filter(
    ({ accountId, homeRegion, isOrganization, isMultiRegion }) =>
      (isOrganization === true || wanted(accounts, accountId)) &&
      (isMultiRegion === true || wanted(regions, homeRegion)),
  ).length;
  const seen = trails.length === 0 ? replicas : 0;
  return { trails, failures, unreadPlaces: [], replicas: seen, coverage: null, accounts: [] };
}

async function accountsOf(
  { accounts, roleName }: LiveRequest,
  { own, home }: AccountAccess,
): Promise<readonly ListedAccount[]> {
  if (accounts === null) return unnamed([home.accountId]);
  if (accounts === 'organization') return organizationAccounts(own, home.region);
  const other = accounts.find((accountId) => accountId !== home.accountId);
  if (other !== undefined && roleName === null) {
    throw new BadInput(
      `\`--accounts\` holds \`${other}\`, which is not the account of the credentials, \`${home.accountId}\`: it takes \`--role-name\``,
    );
  }
  return unnamed(accounts);
}

const unnamed = (accounts: readonly string[]): readonly ListedAccount[] =>
  accounts.map((AccountId) => ({ AccountId, Name: null }));

/** Tells what could not be read: an account, or a Region of it. */
type Fail = (accountId: string, region: string | null, error: unknown, isDisabled?: boolean) => void;

/** Whether an account has not opted in to a Region; who may not ask does not know. */
const isDisabled = (access: Access, region: string, { home }: AccountAccess): Promise<boolean> =>
  enabledRegions(access, home.region).then(
    (enabled) => !enabled.includes(region),
    () => false,
  );

/** The trails of one account; `null` when none of its Regions could be read. */
async function inAccount(
  accountId: string,
  request: LiveRequest,
  reach: AccountAccess,
  fail: Fail,
  succeed: (region: string, trails: readonly FoundTrail[]) => void,
): Promise<readonly FoundTrail[] | null> {
  try {
    const access = opened(await reach.enter(accountId));
    const places = await regionsOf(access, request, reach);
    const found = await Promise.all(
      places.map(async (region) => {
        try {
          const trails = (await trailsIn(access, region)).map(foundTrail);
          succeed(region, trails);
          return trails;
        } catch (error) {
          fail(accountId, region, error, mayBeDisabled(error) && (await isDisabled(access, region, reach)));
          return null;
        }
      }),
    );
    return found.every((trails) => trails === null) ? null : found.flatMap((trails) => trails ?? []);
  } catch (error) {
    fail(accountId, null, error);
    return null;
  }
}

function opened(entry: AccountEntry) {
  if ('access' in entry) return entry.access;
  throw new Error(entry.closed);
}
