import { CloudTrailClient, GetEventConfigurationCommand, GetEventSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import type { EventConfigurationMember, EventSelectorsMember, Member } from '../../facts/members.ts';
import type { TrailEventMembers } from '../../facts/trailEvents.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { readMember } from './member.ts';
import { type ClosedTrail, notRead, type TrailPlace } from './trail.ts';

/** Which events a trail delivers; the event selectors only where the trail has some of its own. */
export async function readTrailEvents(
  access: Access,
  { arn, homeRegion, hasCustomEventSelectors }: TrailPlace & Pick<TrailDescription, 'hasCustomEventSelectors'>,
): Promise<TrailEventMembers> {
  const client = () => access.clients.get(CloudTrailClient, homeRegion);
  const selectors = (): Promise<Member<EventSelectorsMember>> =>
    readMember(
      access,
      callOf('CloudTrail', 'GetEventSelectors', arn, homeRegion),
      (options) => client().send(new GetEventSelectorsCommand({ TrailName: arn }), options),
      ({ EventSelectors, AdvancedEventSelectors }) => ({ EventSelectors, AdvancedEventSelectors }),
      NOT_TOLD,
    );
  const configuration = (): Promise<Member<EventConfigurationMember>> =>
    readMember(
      access,
      callOf('CloudTrail', 'GetEventConfiguration', arn, homeRegion),
      (options) => client().send(new GetEventConfigurationCommand({ TrailName: arn }), options),
      ({ AggregationConfigurations }) => ({ AggregationConfigurations }),
      NOT_TOLD,
    );
  if (hasCustomEventSelectors === false) return { EventConfiguration: await configuration() };
  const [EventSelectors, EventConfiguration] = await Promise.all([selectors(), configuration()]);
  return { EventSelectors, EventConfiguration };
}

/** Refusals that tell of the trail, or of a partition that has no such call. */
const NOT_TOLD: ReadonlySet<string> = new Set([
  'TrailNotFoundException',
  'InvalidParameterException',
  'InvalidParameterCombinationException',
  'OperationNotPermittedException',
  'UnsupportedOperationException',
  'UnknownOperationException',
]);

/** What stands for the events of a trail whose account there is no way into. */
export const trailEventsNotRead = (own: Access, trail: ClosedTrail, closed: string): TrailEventMembers => ({
  EventSelectors: notRead(own, trail, closed, 'GetEventSelectors', 'event selectors'),
  EventConfiguration: notRead(own, trail, closed, 'GetEventConfiguration', 'event configuration'),
});
