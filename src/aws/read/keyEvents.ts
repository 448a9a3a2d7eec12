import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { essentialsOf } from '../../facts/keyEvents.ts';
import type { KeyReference } from '../../facts/keyReference.ts';
import type { EventMember, Member } from '../../facts/members.ts';
import { once, READINGS_OF_A_KEY } from '../../rule/concurrency.ts';
import { tellsOfEncryption } from '../../trail/keyEventEvidence.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { Turns } from '../turns.ts';
import type { KeyAccess } from './key.ts';
import { readPages } from './member.ts';

/** Events in one page, and pages of one key: the latest events are the first (CloudTrail API Reference, LookupEvents). */
const PER_PAGE = 50;
const PAGES = 2;
/** CloudTrail answers two lookups a second in an account and Region (the same). */
const APART_MS = 500;

/** Refusals that tell of a partition, or an account, that has no such call. */
const NOT_TOLD: ReadonlySet<string> = new Set(['OperationNotPermittedException', 'UnsupportedOperationException']);

/** The latest events of keys, each key's once, in its own account and Region: the command line alone reads them. */
export function keyEventReader(accessTo: (key: KeyReference) => Promise<KeyAccess>) {
  const readings = once<Member<readonly EventMember[]>>(READINGS_OF_A_KEY);
  const lines = new Map<string, Turns>();
  const lineOf = ({ accountId, region }: KeyReference): Turns => {
    const line = lines.get(`${accountId} ${region}`) ?? new Turns(1);
    lines.set(`${accountId} ${region}`, line);
    return line;
  };
  return (key: KeyReference): Promise<Member<readonly EventMember[]>> =>
    readings(key.arn, async () => readEvents(await accessTo(key), key, lineOf(key)));
}

async function readEvents(access: KeyAccess, key: KeyReference, line: Turns): Promise<Member<readonly EventMember[]>> {
  const { session, clients, closed } = access;
  const call = callOf('CloudTrail', 'LookupEvents', key.arn, key.region);
  if (session.accountId !== key.accountId) {
    const role = `CloudTrail shows events in their own account alone: it takes a role in account ${key.accountId}`;
    return session.notRead(call, 'NotEntered', `${role} with ${call.permission} (${closed})`);
  }
  let pages = 0;
  return readPages(
    access,
    call,
    async (options, NextToken) => {
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: key.arn }],
        MaxResults: PER_PAGE,
        ...(NextToken && { NextToken }),
      });
      const client = clients.get(CloudTrailClient, key.region);
      const answer = await apart(line, options.abortSignal, () => client.send(command, options));
      pages += 1;
      const items = required(call, answer, 'Events').flatMap(memberOf);
      return { items, next: pages < PAGES ? answer.NextToken : undefined };
    },
    NOT_TOLD,
  );
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
