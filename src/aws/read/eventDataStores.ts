import { CloudTrailClient, GetEventDataStoreCommand, ListEventDataStoresCommand } from '@aws-sdk/client-cloudtrail';
import { type EventDataStoreEntry, isErrorMember, type Member } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { readMember, readPages } from './member.ts';

/** Refusals of a partition, or an account, that has no event data stores to show, and of one that went meanwhile. */
const NOT_TOLD: ReadonlySet<string> = new Set([
  'OperationNotPermittedException',
  'UnsupportedOperationException',
  'NoManagementAccountSLRExistsException',
  'EventDataStoreNotFoundException',
]);

/** Deleted after seven days in which nothing can be done with it but to restore it. */
const GOING = 'PENDING_DELETION';

/** The event data stores of an account in a Region; where they cannot be listed one entry that says why. */
export async function readEventDataStores(
  access: Access,
  region: string,
  partition: string,
): Promise<readonly EventDataStoreEntry[]> {
  const listed = await listEventDataStores(access, region, partition);
  if (!isErrorMember(listed)) return listed;
  return [{ EventDataStore: { EventDataStoreArn: allIn(access, region, partition) }, Error: listed.Error }];
}

const allIn = ({ session }: Access, region: string, partition: string): string =>
  `arn:${partition}:cloudtrail:${region}:${session.accountId}:eventdatastore/*`;

/** The same, or why they cannot be listed. They are read only where somebody says so. */
export async function listEventDataStores(
  access: Access,
  region: string,
  partition: string,
): Promise<Member<readonly EventDataStoreEntry[]>> {
  const client = () => access.clients.get(CloudTrailClient, region);
  const call = callOf('CloudTrail', 'ListEventDataStores', allIn(access, region, partition), region);
  const listed = await readPages(
    access,
    call,
    async (options, NextToken) => {
      const answer = await client().send(new ListEventDataStoresCommand({ ...(NextToken && { NextToken }) }), options);
      const items = required(call, answer, 'EventDataStores').map((one) => required(call, one, 'EventDataStoreArn'));
      return { items, next: answer.NextToken };
    },
    NOT_TOLD,
  );
  if (isErrorMember(listed)) return listed;
  const entries = await Promise.all(listed.map((arn) => readEventDataStore(access, region, arn)));
  return entries.filter(({ EventDataStore }) => EventDataStore.Status !== GOING);
}

async function readEventDataStore(access: Access, region: string, arn: string): Promise<EventDataStoreEntry> {
  const call = callOf('CloudTrail', 'GetEventDataStore', arn, region);
  const command = new GetEventDataStoreCommand({ EventDataStore: arn });
  const store = await readMember(
    access,
    call,
    (options) => access.clients.get(CloudTrailClient, region).send(command, options),
    (answer) => ({
      EventDataStoreArn: required(call, answer, 'EventDataStoreArn'),
      Name: answer.Name,
      Status: answer.Status,
      KmsKeyId: answer.KmsKeyId,
      MultiRegionEnabled: answer.MultiRegionEnabled,
      OrganizationEnabled: answer.OrganizationEnabled,
    }),
    NOT_TOLD,
  );
  if (isErrorMember(store)) return { EventDataStore: { EventDataStoreArn: arn }, Error: store.Error };
  return { EventDataStore: store };
}
