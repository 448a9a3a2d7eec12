import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyLastUsageCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { keyEventReader } from '../../src/aws/read/keyEvents.ts';
import { eventLookup } from '../../src/aws/read/lookUp.ts';
import { startSession } from '../../src/aws/session.ts';
import { ACCOUNT, denied, refused } from './support/answers.ts';

const cloudtrail = mockClient(CloudTrailClient);
const kms = mockClient(KMSClient);
beforeEach(() => {
  for (const mock of [cloudtrail, kms]) mock.reset();
  kms.on(GetKeyLastUsageCommand).resolves({});
});

const keyIn = (region: string, id: string) => {
  const arn = `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
  return { arn, isAlias: false, accountId: ACCOUNT, region };
};
const reader = () => {
  const session = startSession(ACCOUNT, 'the caller', new AbortController().signal);
  return keyEventReader(
    async () => ({ session, clients: createClients(), closed: null, readerArn: '' }),
    eventLookup(0),
  );
};

/** The most requests that were on their way at once, while those for some keys were made. */
async function most(...keys: readonly ReturnType<typeof keyIn>[]): Promise<number> {
  let now = 0;
  let highest = 0;
  cloudtrail.on(LookupEventsCommand).callsFake(async () => {
    now += 1;
    highest = Math.max(highest, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { Events: [] };
  });
  await Promise.all(keys.map(reader()));
  return highest;
}

test('keys of one account and Region are looked up one after the other', async () => {
  expect(await most(keyIn('us-east-1', 'a'), keyIn('us-east-1', 'b'))).toBe(1);
});

test('those of two Regions at once', async () => {
  expect(await most(keyIn('us-east-1', 'a'), keyIn('eu-west-1', 'a'))).toBe(2);
});

test('a lookup that failed does not stop the next one', async () => {
  const [one, other] = [keyIn('us-east-1', 'a'), keyIn('us-east-1', 'b')];
  const byKey = (AttributeValue: string) =>
    cloudtrail.on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] });
  byKey(one.arn).rejects(refused('ThrottlingException'));
  byKey(other.arn).resolves({ Events: [] });
  const read = reader();
  const [failed, answered] = await Promise.allSettled([read(one), read(other)]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { name: 'InfrastructureError' } });
  expect(answered).toEqual({ status: 'fulfilled', value: { KeyEvents: [], LastUsage: expect.anything() } });
});

describe('what KMS knows of the last use', () => {
  const CREATED = new Date('2026-11-01T00:00:00Z');
  const key = keyIn('us-east-1', 'a');
  const TRACKED = { TrackingStartDate: CREATED, KeyCreationDate: CREATED };
  const used = (Operation: string) => ({
    KeyLastUsage: { Operation: Operation as 'Decrypt', Timestamp: CREATED, CloudTrailEventId: 'e-1' },
    ...TRACKED,
  });
  const asked = () =>
    cloudtrail
      .commandCalls(LookupEventsCommand)
      .map(({ args: [command] }) => command.input.LookupAttributes?.[0]?.AttributeKey);
  const event = (EventId: string) => ({ EventId, EventName: 'GenerateDataKey', CloudTrailEvent: '{}' });
  const byId = { LookupAttributes: [{ AttributeKey: 'EventId' as const, AttributeValue: 'e-1' }] };

  test.each<[string, object, readonly string[]]>([
    ['never used: nothing is looked up', { KeyLastUsage: {}, ...TRACKED }, []],
    [
      'created while KMS kept its record',
      { KeyLastUsage: {}, ...TRACKED, TrackingStartDate: new Date('2026-10-01T00:00:00Z') },
      [],
    ],
    [
      'not used since KMS keeps a record, and older than that',
      { KeyLastUsage: {}, ...TRACKED, TrackingStartDate: new Date('2026-11-02T00:00:00Z') },
      ['ResourceName'],
    ],
    ['half an answer, without the use', TRACKED, ['ResourceName']],
    ['half an answer, without times', { KeyLastUsage: {} }, ['ResourceName']],
    ['last used to read', used('Decrypt'), ['ResourceName']],
    ['last used to encrypt, and not listed by the key', used('GenerateDataKey'), ['ResourceName', 'EventId']],
  ])('%s', async (_, answer, lookups) => {
    kms.on(GetKeyLastUsageCommand, { KeyId: key.arn }).resolves(answer);
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [event('e-0')] });
    cloudtrail.on(LookupEventsCommand, byId).resolves({ Events: [event('e-1')] });
    const { KeyEvents } = await reader()(key);
    expect(asked()).toEqual(lookups);
    const ids = { '': undefined, ResourceName: ['e-0'], 'ResourceName,EventId': ['e-0', 'e-1'] }[lookups.join()];
    expect((KeyEvents as readonly { EventId: string }[] | undefined)?.map(({ EventId }) => EventId)).toEqual(ids);
  });

  test('an event that is listed by the key is not looked up again', async () => {
    kms.on(GetKeyLastUsageCommand).resolves(used('GenerateDataKey'));
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [event('e-1')] });
    await reader()(key);
    expect(asked()).toEqual(['ResourceName']);
  });

  test('nor one before the last page: nobody would know of changes after it', async () => {
    kms.on(GetKeyLastUsageCommand).resolves(used('GenerateDataKey'));
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [event('e-0')], NextToken: 'more' });
    await reader()(key);
    expect(asked()).toEqual(['ResourceName', 'ResourceName']);
  });

  test.each<[string, Error]>([
    ['denied', denied('kms:GetKeyLastUsage')],
    ['not offered', refused('UnknownOperationException')],
  ])('%s: events are looked up', async (_, error) => {
    kms.on(GetKeyLastUsageCommand).rejects(error);
    cloudtrail.on(LookupEventsCommand).resolves({ Events: [event('e-0')] });
    const { LastUsage, KeyEvents } = await reader()(key);
    expect(LastUsage).toMatchObject({ Error: { Code: error.name } });
    expect(KeyEvents).toHaveLength(1);
  });

  test('KMS is asked in the account and the Region of the key alone', async () => {
    const foreign = { ...key, accountId: '444455556666' };
    expect(await reader()(foreign)).toEqual({ KeyEvents: { Error: expect.objectContaining({ Code: 'NotEntered' }) } });
    expect(kms.commandCalls(GetKeyLastUsageCommand)).toHaveLength(0);
  });
});
