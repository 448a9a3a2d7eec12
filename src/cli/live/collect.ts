import { Turns } from '../../aws/turns.ts';
import type { Member } from '../../facts/members.ts';
import { messageOf } from '../io.ts';
import type { SnapshotDocument, TrailEntry } from './document.ts';
import { collectEventDataStores } from './eventDataStores.ts';
import { failureAt } from './failure.ts';
import { counted, listTrails } from './list.ts';
import { membersReader } from './membersReader.ts';
import type { Progress } from './progress.ts';
import type { AccountAccess } from './reach.ts';
import { readerDryRuns } from './readerDryRuns.ts';
import type { LiveRequest } from './request.ts';
import { type FoundTrail, identityOf } from './trails.ts';
import type { UnreadPlace } from './unreadPlaces.ts';

/** Trails that are being read, for the memory that they take; how many calls go out at once `aws/turns.ts` says. */
const TRAILS_AT_ONCE = 64;

/** What was read, and whether something that was asked for is missing. */
export interface Collected {
  readonly document: SnapshotDocument;
  readonly isWhole: boolean;
  /** Trails that live elsewhere and are shown in a place that was read, where no trail lives in any. */
  readonly replicas: number;
  /** Accounts and Regions whose trails could not be listed. */
  readonly unreadPlaces: readonly UnreadPlace[];
}

/**
 * Reads trails and everything that their evaluation needs. Each distinct key, bucket and account is read once.
 *
 * A read that AWS denies stands as its error in the document; so does one that decides no verdict and stays throttled,
 * where the request says so. What else AWS cannot be asked for (throttling, timeouts) is no fact about a trail: the whole
 * trail then stands as an error, and the document is not whole.
 *
 * @param now the clock of every evaluation of the document
 * @throws BadInput; InfrastructureError when there is no list of accounts to begin with
 */
export async function collect(
  request: LiveRequest,
  reach: AccountAccess,
  progress: Progress,
  now: Date,
): Promise<Collected> {
  const members = membersReader(reach, request);
  const dryRuns = readerDryRuns(reach, request.decryptAs);
  let finished = 0;
  let isRead = true;
  let total: number | null = null;
  const turns = new Turns(TRAILS_AT_ONCE);
  const readTrail = async (trail: FoundTrail): Promise<Member<TrailEntry>> => {
    try {
      const [Status, around, tried] = await Promise.all([members.status(trail), members.around(trail), dryRuns(trail)]);
      return { Trail: trail.Trail, Status, ...around, ...tried };
    } catch (error) {
      isRead = false;
      progress.problem(`trail ${trail.arn} could not be read: ${messageOf(error)}`);
      return { Error: failureAt(trail.arn, error) };
    } finally {
      finished += 1;
      progress.update(`read ${finished} of ${total === null ? 'the trails' : counted(total, 'trail')}`);
    }
  };
  /** Readings by the trail's identity, the first place that lists it: reading does not wait for the end of the list. */
  const readings = new Map<string, Promise<Member<TrailEntry>>>();
  const begin = (trail: FoundTrail): Promise<Member<TrailEntry>> => {
    const id = identityOf(trail);
    const reading = readings.get(id) ?? turns.take(() => readTrail(trail));
    readings.set(id, reading);
    return reading;
  };
  const { trails, failures, replicas, unreadPlaces, coverage, accounts } = await listTrails(
    request,
    reach,
    progress,
    (found) => void found.map(begin),
  );
  total = trails.length;
  const entries = await Promise.all(trails.map(begin));
  const asksForStores = request.alsoRead?.includes('event-data-stores') === true;
  const eventDataStores = asksForStores
    ? await collectEventDataStores(coverage, reach, members.key, (place, error) => {
        isRead = false;
        progress.problem(`${place} could not be read: ${messageOf(error)}`);
      })
    : null;
  const isWhole = isRead && failures.length === 0;
  const keys = members.keys().filter(({ KeyArn }) => KeyArn.includes(':key/'));
  progress.done(`read ${counted(trails.length, 'trail')}, ${counted(keys.length, 'key')}`);
  const document: SnapshotDocument = {
    version: 1,
    collectedAt: now.toISOString(),
    trails: [...entries, ...failures.map((failure) => ({ Error: failure }))],
    keys: members.keys(),
    buckets: members.buckets(),
    resourceControlPolicies: members.policies(),
    organizations: members.organizations(),
    accounts: accounts.filter(({ Name }) => Name !== null),
    ...(eventDataStores !== null && { eventDataStores }),
    coverage,
  };
  return { document, isWhole, replicas, unreadPlaces };
}
