import type { Event } from '@aws-sdk/client-cloudtrail';
import { GetKeyLastUsageCommand, KMSClient } from '@aws-sdk/client-kms';
import { essentialsOf } from '../../facts/keyEvents.ts';
import { keyLastUsageIn } from '../../facts/keyLastUsage.ts';
import type { KeyReference } from '../../facts/keyReference.ts';
import {
  type EventMember,
  isErrorMember,
  type KeyEntry,
  type LastUsageMember,
  type Member,
} from '../../facts/members.ts';
import { once, READINGS_OF_A_KEY } from '../../rule/concurrency.ts';
import { tellsOfEncryption } from '../../trail/keyEventEvidence.ts';
import { callOf } from '../errors.ts';
import type { KeyAccess } from './key.ts';
import { eventLookup, type LookUp } from './lookUp.ts';
import { readMember } from './member.ts';

type KeyEventMembers = Pick<KeyEntry, 'LastUsage' | 'KeyEvents'>;

/**
 * The latest events of keys, each key's once, in its own account and Region: the command line alone reads them. Of a key
 * that was never used none are looked up.
 */
export function keyEventReader(accessTo: (key: KeyReference) => Promise<KeyAccess>, lookUp = eventLookup()) {
  const readings = once<KeyEventMembers>(READINGS_OF_A_KEY);
  return (key: KeyReference): Promise<KeyEventMembers> =>
    readings(key.arn, async () => readKeyEvents(await accessTo(key), key, lookUp));
}

async function readKeyEvents(access: KeyAccess, key: KeyReference, lookUp: LookUp): Promise<KeyEventMembers> {
  const { session, closed } = access;
  const call = callOf('CloudTrail', 'LookupEvents', key.arn, key.region);
  if (session.accountId !== key.accountId) {
    const role = `CloudTrail shows events in their own account alone: it takes a role in account ${key.accountId}`;
    return { KeyEvents: session.notRead(call, 'NotEntered', `${role} with ${call.permission} (${closed})`) };
  }
  const LastUsage = await readLastUsage(access, key);
  const { operation, eventId, unusedSince } = keyLastUsageIn(LastUsage);
  if (unusedSince !== null) return { LastUsage };
  const byKey = { attribute: 'ResourceName', value: key.arn, keep: memberOf } as const;
  const { events, cutOffAt } = await lookUp(access, call, byKey);
  // Before the last page there may be changes that nobody saw: an event that lies there shows nothing. One that CloudTrail
  // did not list by the key as resource is found by its id.
  const isListed = isErrorMember(events) || events.some(({ EventId }) => EventId === eventId);
  if (operation !== 'GenerateDataKey' || eventId === null || isListed || cutOffAt !== null)
    return { LastUsage, KeyEvents: events };
  const found = await lookUp(access, call, { attribute: 'EventId', value: eventId, keep: memberOf });
  return { LastUsage, KeyEvents: isErrorMember(found.events) ? events : [...events, ...found.events] };
}

/** What KMS says where there is no such call, or no such key any more. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'InvalidArnException',
  'KMSInvalidStateException',
  'NotFoundException',
  'UnknownOperationException',
  'UnsupportedOperationException',
]);

function readLastUsage(access: KeyAccess, key: KeyReference): Promise<Member<LastUsageMember>> {
  return readMember(
    access,
    callOf('KMS', 'GetKeyLastUsage', key.arn, key.region),
    (options) =>
      access.clients.get(KMSClient, key.region).send(new GetKeyLastUsageCommand({ KeyId: key.arn }), options),
    ({ KeyLastUsage, TrackingStartDate, KeyCreationDate }) => ({ KeyLastUsage, TrackingStartDate, KeyCreationDate }),
    NO_ANSWER,
  );
}

/** An event with what is read of it; none where it tells nothing of CloudTrail's requests. */
const memberOf = ({ EventId, EventName, EventTime, CloudTrailEvent }: Event): readonly EventMember[] =>
  tellsOfEncryption(EventName ?? '')
    ? [{ EventId, EventName, EventTime, CloudTrailEvent: essentialsOf(CloudTrailEvent ?? '') }]
    : [];
