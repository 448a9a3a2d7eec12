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
 * @param failed is told of a place that could not be asked, which stands as its error
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
  const found = await mapConcurrently(places, PLACES_AT_ONCE, async ({ accountId, region }) => {
    try {
      const { access } = await accessIn(reach, accountId, reach.own);
      const stores = await readEventDataStores(access, region, reach.home.partition);
      await Promise.all(
        stores.map((entry) => {
          const { kmsKeyId, ...place } = describeEventDataStore(entry);
          return kmsKeyId === null ? null : readKey(place, kmsKeyId);
        }),
      );
      return stores;
    } catch (error) {
      const place = `the event data stores of account ${accountId} in ${region}`;
      failed(place, error);
      const EventDataStoreArn = `arn:${reach.home.partition}:cloudtrail:${region}:${accountId}:eventdatastore/*`;
      return [{ EventDataStore: { EventDataStoreArn }, Error: failureAt(place, error) }];
    }
  });
  return found.flat();
}
