import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { EventMember, Member } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import type { Call } from '../errors.ts';
import { required } from '../required.ts';
import { Turns } from '../turns.ts';
import { readPages } from './member.ts';

/** Events in one page, and pages of one lookup: the latest events are the first (CloudTrail API Reference, LookupEvents). */
const PER_PAGE = 50;
const PAGES = 2;
/** CloudTrail answers two lookups a second in an account and Region (the same). */
const APART_MS = 500;

/** Refusals that tell of a partition, or an account, that has no such call. */
const NOT_TOLD: ReadonlySet<string> = new Set(['OperationNotPermittedException', 'UnsupportedOperationException']);

/** What is looked for: LookupEvents takes one attribute. */
interface LookupQuestion {
  readonly attribute: 'ResourceName' | 'EventId' | 'EventName';
  readonly value: string;
  /** Left out: the last 90 days. */
  readonly between?: readonly [from: Date, to: Date];
  /** What is kept of an event. */
  readonly keep: (event: Event) => readonly EventMember[];
}

export interface LookedUp {
  readonly events: Member<readonly EventMember[]>;
  /** When the oldest event was that was looked at, where there are earlier ones that nobody asked for; otherwise `null`. */
  readonly cutOffAt: Date | null;
}

/** Looks up events, in an account and Region one after the other: whoever shares it shares the line. */
export type LookUp = (access: Access, call: Call, question: LookupQuestion) => Promise<LookedUp>;

/** @param apartMs between two lookups */
export function eventLookup(apartMs = APART_MS): LookUp {
  const lines = new Map<string, Turns>();
  return async (access, call, { attribute, value, between, keep }) => {
    const place = `${access.session.accountId} ${call.region}`;
    const line = lines.get(place) ?? new Turns(1);
    lines.set(place, line);
    const client = access.clients.get(CloudTrailClient, call.region);
    let pages = 0;
    let cutOffAt: Date | null = null;
    let oldest: Date | undefined;
    const events = await readPages(
      access,
      call,
      async (options, NextToken) => {
        const command = new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
          MaxResults: PER_PAGE,
          ...(between && { StartTime: between[0], EndTime: between[1] }),
          ...(NextToken && { NextToken }),
        });
        const answer = await apart(line, apartMs, options.abortSignal, () => client.send(command, options));
        pages += 1;
        const page = required(call, answer, 'Events');
        // A page may be empty and yet lead to the next one.
        oldest = page.at(-1)?.EventTime ?? oldest;
        const isLast = pages === PAGES || answer.NextToken === undefined;
        if (isLast && answer.NextToken !== undefined) cutOffAt = oldest ?? new Date();
        return { items: page.flatMap(keep), next: isLast ? undefined : answer.NextToken };
      },
      NOT_TOLD,
    );
    return { events, cutOffAt };
  };
}

/** One request after the other; the next one waits until the pause is over, and whoever sent this one does not. */
const apart = <T>(line: Turns, ms: number, signal: AbortSignal, send: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    void line.take(async () => {
      const pause = setTimeout(ms, undefined, { signal }).catch(() => undefined);
      // Whatever goes wrong is the answer's: the line goes on.
      await Promise.resolve().then(send).then(resolve, reject);
      await pause;
    });
  });
