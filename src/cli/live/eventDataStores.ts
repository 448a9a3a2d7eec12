import { readEventDataStores } from '../../aws/read/eventDataStores.ts';
import { describeEventDataStore } from '../../facts/eventDataStores.ts';
import type { ReferencePlace } from '../../facts/keyReference.ts';
import type { EventDataStoreEntry } from '../../facts/members.ts';
import type { Coverage } from '../../report/coverage.ts';
import { mapConcurrently } from '../../rule/concurrency.ts';
import { failureAt } from './failure.ts';
import { type AccountAccess, accessIn } from './reach.ts';

/** Accounts and Regions whose event data stores are read at the same time. */
const PLACES_AT_ONCE = 8;

/**
 * The event data stores of every account and Region whose trails could be listed, with their keys.
 *
 * @param failed is told of a place that could not be asked, or of a store whose key could not, which stands as its error
 */
export async function collectEventDataStores(
  coverage: Coverage | null,
  reach: AccountAccess,
  readKey: (place: ReferencePlace, reference: string) => Promise<unknown>,
  failed: (place: string, error: unknown) => void,
): Promise<readonly EventDataStoreEntry[]> {
  const places = (coverage?.accounts ?? []).flatMap(({ accountId, regions }) =>
    regions.flatMap(({ region, status }) => (status === 'read' && region !== null ? [{ accountId, region }] : [])),
  );
  const withKey = async (entry: EventDataStoreEntry): Promise<EventDataStoreEntry> => {
    const { EventDataStore } = entry;
    const { kmsKeyId, ...place } = describeEventDataStore(entry);
    try {
      if (kmsKeyId !== null) await readKey(place, kmsKeyId);
      return entry;
    } catch (error) {
      const store = `event data store ${EventDataStore.EventDataStoreArn}`;
      failed(store, error);
      return { EventDataStore, Error: failureAt(store, error) };
    }
  };
  const found = await mapConcurrently(places, PLACES_AT_ONCE, async ({ accountId, region }) => {
    try {
      const { access } = await accessIn(reach, accountId, reach.own);
      const stores = await readEventDataStores(access, region, reach.home.partition);
      return await Promise.all(stores.map(withKey));
    } catch (error) {
      const place = `the event data stores of account ${accountId} in ${region}`;
      failed(place, error);
      const EventDataStoreArn = `arn:${reach.home.partition}:cloudtrail:${region}:${accountId}:eventdatastore/*`;
      return [{ EventDataStore: { EventDataStoreArn }, Error: failureAt(place, error) }];
    }
  });
  return found.flat();
}
