import { parseArn } from '../trail/arn.ts';
import type { Reading, TrailDescription } from '../trail/facts.ts';
import type { EventDataStoreEntry, Member } from './members.ts';
import { readingOf, unreadError } from './readings.ts';

export const describeEventDataStores = (
  stores: Member<readonly EventDataStoreEntry[]>,
): Reading<readonly TrailDescription[]> =>
  readingOf(stores, 'the list of event data stores', 'cloudtrail:ListEventDataStores', (list) =>
    list.map(describeEventDataStore),
  );

/** An event data store as a trail of which only the key is known. */
export function describeEventDataStore({ EventDataStore, Error: error }: EventDataStoreEntry): TrailDescription {
  const { EventDataStoreArn: arn, Name, KmsKeyId, MultiRegionEnabled, OrganizationEnabled } = EventDataStore;
  const { partition = '', region = '', accountId = '', resource = '' } = parseArn(arn) ?? {};
  const refused = error ? unreadError(error, 'cloudtrail:GetEventDataStore') : null;
  return {
    arn,
    name: Name || resource.replace(/^eventdatastore\//, ''),
    partition,
    accountId,
    homeRegion: region,
    kmsKeyId: KmsKeyId || null,
    bucketName: null,
    keyPrefix: null,
    isMultiRegion: MultiRegionEnabled ?? null,
    isOrganization: OrganizationEnabled ?? null,
    logFileValidation: null,
    hasInsightSelectors: null,
    eventDataStore:
      refused === null
        ? { unread: null }
        : { unread: `the event data store could not be read: ${refused.reason}`, refused },
  };
}
