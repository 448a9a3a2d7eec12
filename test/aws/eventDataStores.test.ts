import { CloudTrailClient, GetEventDataStoreCommand, ListEventDataStoresCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { ACCOUNT, denied, KEY_ARN, ports } from './support/answers.ts';

const cloudtrail = mockClient(CloudTrailClient);
const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
const on = () => ports({ evaluateEventDataStores: true }).listEventDataStores?.();

beforeEach(() => {
  cloudtrail.reset();
  cloudtrail.on(ListEventDataStoresCommand).resolves({ EventDataStores: [{ EventDataStoreArn: STORE }] });
  cloudtrail.on(GetEventDataStoreCommand).resolves({ EventDataStoreArn: STORE, Name: 'lake', KmsKeyId: KEY_ARN });
});

test('the rule lists event data stores only where it is told to', async () => {
  expect(ports()).not.toHaveProperty('listEventDataStores');
  expect(ports({ evaluateEventDataStores: false })).not.toHaveProperty('listEventDataStores');
  expect(await on()).toMatchObject({
    read: true,
    value: [{ arn: STORE, name: 'lake', kmsKeyId: KEY_ARN, homeRegion: 'us-east-1', eventDataStore: { unread: null } }],
  });
  expect(cloudtrail.calls()).toHaveLength(2);
});

test('why they cannot be listed is told', async () => {
  cloudtrail.on(ListEventDataStoresCommand).rejects(denied('cloudtrail:ListEventDataStores'));
  expect(await on()).toMatchObject({
    read: false,
    code: 'denied',
    reason: expect.stringContaining('lacks cloudtrail:ListEventDataStores'),
  });
});

test('one that may not be read stands with the reason', async () => {
  cloudtrail.on(GetEventDataStoreCommand).rejects(denied('cloudtrail:GetEventDataStore'));
  expect(await on()).toMatchObject({
    value: [{ arn: STORE, eventDataStore: { unread: expect.stringContaining('lacks cloudtrail:GetEventDataStore') } }],
  });
});
