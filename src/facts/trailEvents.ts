import { type TrailFacts, unread } from '../trail/facts.ts';
import { type EventConfigurationMember, type EventSelectorsMember, isErrorMember, type Member } from './members.ts';
import { readingOf } from './readings.ts';

/** Which events a trail delivers, as far as it decides which kinds of file it writes. */
export type TrailEvents = Required<Pick<TrailFacts, 'eventCategories' | 'aggregates'>>;

/** The members that tell it, as AWS returned them. */
export interface TrailEventMembers {
  readonly EventSelectors?: Member<EventSelectorsMember> | null;
  readonly EventConfiguration?: Member<EventConfigurationMember> | null;
}

export const trailEvents = ({ EventSelectors, EventConfiguration }: TrailEventMembers): TrailEvents => ({
  eventCategories: categoriesIn(EventSelectors),
  aggregates: readingOf(
    EventConfiguration,
    "the trail's EventConfiguration",
    'cloudtrail:GetEventConfiguration',
    ({ AggregationConfigurations }) => (AggregationConfigurations ?? []).length > 0,
  ),
});

function categoriesIn(member: TrailEventMembers['EventSelectors']): TrailEvents['eventCategories'] {
  if (member && !isErrorMember(member) && !member.EventSelectors && !member.AdvancedEventSelectors)
    return unread('not-told', "the trail's EventSelectors hold no list");
  return readingOf(member, "the trail's EventSelectors", 'cloudtrail:GetEventSelectors', eventCategories);
}

/** Basic event selectors choose management and data events alone. */
export const eventCategories = ({ AdvancedEventSelectors }: EventSelectorsMember): readonly (string | null)[] =>
  (AdvancedEventSelectors ?? []).flatMap(({ FieldSelectors }): readonly (string | null)[] => {
    const fields = (FieldSelectors ?? []).filter(({ Field }) => Field === 'eventCategory');
    const chosen = fields.flatMap(({ Equals }) => Equals ?? []);
    return chosen.length > 0 ? chosen : [null];
  });
