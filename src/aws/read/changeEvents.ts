import type { Event } from '@aws-sdk/client-cloudtrail';
import { changeEssentialsOf, isAbout } from '../../facts/changeEvents.ts';
import { type EventMember, isErrorMember, type Member } from '../../facts/members.ts';
import { once, READINGS_OF_A_KEY } from '../../rule/concurrency.ts';
import type { ChangeName } from '../../trail/changes.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import type { LookedUp, LookUp } from './lookUp.ts';

/** A trail or a key, with the Region in which it is changed. */
export interface Changed {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * What changed trails and keys, the latest first. It is looked up by the names of calls, once in each account and Region: by the
 * key as resource a trail's own use of it would fill the pages.
 */
export function changeEventReader(lookUp: LookUp) {
  const readings = once<LookedUp>(READINGS_OF_A_KEY);
  return async (
    access: Access,
    closed: string | null,
    names: readonly ChangeName[],
    { arn, accountId, region }: Changed,
  ): Promise<Member<readonly EventMember[]>> => {
    const { session } = access;
    const call = callOf('CloudTrail', 'LookupEvents', arn, region);
    if (session.accountId !== accountId) {
      const role = `CloudTrail shows events in their own account alone: it takes a role in account ${accountId}`;
      return session.notRead(call, 'NotEntered', `${role} with ${call.permission} (${closed})`);
    }
    const inPlace = callOf('CloudTrail', 'LookupEvents', `account ${accountId}`, region);
    const lists = await Promise.all(
      names.map((name) =>
        readings(`${accountId} ${region} ${name}`, () =>
          lookUp(access, inPlace, { attribute: 'EventName', value: name, keep: memberOf }),
        ),
      ),
    );
    // Where one of the lists ends early, a change that it would show may be later than those of the others.
    const from = Math.max(...lists.map(({ cutOffAt }) => cutOffAt?.getTime() ?? Number.NEGATIVE_INFINITY));
    const events: EventMember[] = [];
    for (const { events: list } of lists) {
      if (isErrorMember(list)) return list;
      events.push(...list.filter((event) => isAbout(event, arn) && timeOf(event) >= from));
    }
    return events.toSorted((one, other) => timeOf(other) - timeOf(one));
  };
}

const timeOf = ({ EventTime }: EventMember): number => EventTime?.getTime() ?? 0;

const memberOf = ({ EventId, EventName, EventTime, CloudTrailEvent }: Event): readonly EventMember[] => [
  { EventId, EventName, EventTime, CloudTrailEvent: changeEssentialsOf(CloudTrailEvent ?? '') },
];
