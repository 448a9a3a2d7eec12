import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
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
import { required } from '../required.ts';
import { Turns } from '../turns.ts';
import type { KeyAccess } from './key.ts';
import { readMember, readPages } from './member.ts';

/** Events in one page, and pages of one key: the latest events are the first (CloudTrail API Reference, LookupEvents). */
const PER_PAGE = 50;
const PAGES = 2;
/** CloudTrail answers two lookups a second in an account and Region (the same). */
const APART_MS = 500;

/** Refusals that tell of a partition, or an account, that has no such call. */
const NOT_TOLD: ReadonlySet<string> = new Set(['OperationNotPermittedException', 'UnsupportedOperationException']);

type KeyEventMembers = Pick<KeyEntry, 'LastUsage' | 'KeyEvents'>;

/**
 * The latest events of keys, each key's once, in its own account and Region: the command line alone reads them. Of a key
 * that was never used none are looked up.
 */
export function keyEventReader(accessTo: (key: KeyReference) => Promise<KeyAccess>) {
  const readings = once<KeyEventMembers>(READINGS_OF_A_KEY);
  const lines = new Map<string, Turns>();
  const lineOf = ({ accountId, region }: KeyReference): Turns => {
    const line = lines.get(`${accountId} ${region}`) ?? new Turns(1);
    lines.set(`${accountId} ${region}`, line);
    return line;
  };
  return (key: KeyReference): Promise<KeyEventMembers> =>
    readings(key.arn, async () => readKeyEvents(await accessTo(key), key, lineOf(key)));
}

async function readKeyEvents(access: KeyAccess, key: KeyReference, line: Turns): Promise<KeyEventMembers> {
  const { session, closed } = access;
  if (session.accountId !== key.accountId) {
    const call = callOf('CloudTrail', 'LookupEvents', key.arn, key.region);
    const role = `CloudTrail shows events in their own account alone: it takes a role in account ${key.accountId}`;
    return { KeyEvents: session.notRead(call, 'NotEntered', `${role} with ${call.permission} (${closed})`) };
  }
  const LastUsage = await readLastUsage(access, key);
  const { operation, eventId, unusedSince } = keyLastUsageIn(LastUsage);
  if (unusedSince !== null) return { LastUsage };
  const { events, isCutOff } = await lookUp(access, key, line, 'ResourceName', key.arn);
  // Before the last page there may be changes that nobody saw: an event that lies there shows nothing. One that CloudTrail
  // did not list by the key as resource is found by its id.
  const isListed = isErrorMember(events) || events.some(({ EventId }) => EventId === eventId);
  if (operation !== 'GenerateDataKey' || eventId === null || isListed || isCutOff)
    return { LastUsage, KeyEvents: events };
  const { events: byId } = await lookUp(access, key, line, 'EventId', eventId);
  return { LastUsage, KeyEvents: isErrorMember(byId) ? events : [...events, ...byId] };
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

async function lookUp(
  access: KeyAccess,
  key: KeyReference,
  line: Turns,
  AttributeKey: 'ResourceName' | 'EventId',
  AttributeValue: string,
) {
  const call = callOf('CloudTrail', 'LookupEvents', key.arn, key.region);
  const client = access.clients.get(CloudTrailClient, key.region);
  let pages = 0;
  let isCutOff = false;
  const events = await readPages(
    access,
    call,
    async (options, NextToken) => {
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey, AttributeValue }],
        MaxResults: PER_PAGE,
        ...(NextToken && { NextToken }),
      });
      const answer = await apart(line, options.abortSignal, () => client.send(command, options));
      pages += 1;
      isCutOff = pages === PAGES && answer.NextToken !== undefined;
      const items = required(call, answer, 'Events').flatMap(memberOf);
      return { items, next: isCutOff ? undefined : answer.NextToken };
    },
    NOT_TOLD,
  );
  return { events, isCutOff };
}

/** An event with what is read of it; none where it tells nothing of CloudTrail's requests. */
const memberOf = ({ EventId, EventName, EventTime, CloudTrailEvent }: Event): readonly EventMember[] =>
  tellsOfEncryption(EventName ?? '')
    ? [{ EventId, EventName, EventTime, CloudTrailEvent: essentialsOf(CloudTrailEvent ?? '') }]
    : [];

/** One request after the other; the next one waits until the pause is over, and whoever sent this one does not. */
const apart = <T>(line: Turns, signal: AbortSignal, send: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    void line.take(async () => {
      const pause = setTimeout(APART_MS, undefined, { signal }).catch(() => undefined);
      await send().then(resolve, reject);
      await pause;
    });
  });
