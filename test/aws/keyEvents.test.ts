import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { keyEventReader } from '../../src/aws/read/keyEvents.ts';
import { startSession } from '../../src/aws/session.ts';
import { ACCOUNT, refused } from './support/answers.ts';

const cloudtrail = mockClient(CloudTrailClient);
beforeEach(() => cloudtrail.reset());

const keyIn = (region: string, id: string) => {
  const arn = `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
  return { arn, isAlias: false, accountId: ACCOUNT, region };
};
const reader = () => {
  const session = startSession(ACCOUNT, 'the caller', new AbortController().signal);
  return keyEventReader(async () => ({ session, clients: createClients(), closed: null, readerArn: '' }));
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
  expect(answered).toEqual({ status: 'fulfilled', value: [] });
});
