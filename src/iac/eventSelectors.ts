import { eventCategories } from '../facts/trailEvents.ts';
import { isList, type Json, member, textAt } from './json.ts';

/** How a file spells the members of an advanced event selector. */
interface SelectorSpelling {
  readonly fieldSelectors: string;
  readonly field: string;
  readonly equals: string;
}

/** The category of events that each advanced event selector of a file chooses; `null`: the file does not settle it. */
export const categoriesOf = (
  selectors: readonly Json[],
  { fieldSelectors, field, equals }: SelectorSpelling,
): readonly (string | null)[] =>
  eventCategories({
    AdvancedEventSelectors: selectors.map((selector) => ({
      FieldSelectors: listAt(selector, fieldSelectors).map((one) => ({
        Field: textAt(one, field),
        Equals: listAt(one, equals).filter((value) => typeof value === 'string'),
      })),
    })),
  });

function listAt(value: Json, name: string): readonly Json[] {
  const list = member(value, name);
  return isList(list) ? list : [];
}
