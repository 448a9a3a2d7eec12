import type { Resolution } from '../model.ts';
import { idsIn, type Reference, type References } from '../reference.ts';
import { BOUNDS, type Bound } from './bounds.ts';
import { matches } from './matches.ts';
import { identityTexts, policyTexts } from './texts.ts';

/**
 * One of the things that a reference may be in a world.
 *
 * - `itself`: a value that is nothing else's.
 * - `text`: this value.
 * - `bound`: open inside the key policy.
 */
export type Choice =
  | { readonly is: 'itself' }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'bound'; readonly bound: Bound };

/** What the references that matter may be, by id; the first choice is the plainest. */
export type Dimensions = ReadonlyMap<string, readonly Choice[]>;

/** The references that one resolution of a trail shows to matter, and what they may be. */
export function dimensionsOf(
  { trail, compared }: Resolution,
  references: References,
  compareWith: readonly string[],
): Dimensions {
  const dimensions = new Map<string, Choice[]>();
  const offer = (id: string, choices: readonly Choice[]): void => {
    const known = dimensions.get(id) ?? [];
    for (const choice of choices) if (!known.some((other) => sameChoice(other, choice))) known.push(choice);
    dimensions.set(id, known);
  };
  for (const [id, values] of compared) offer(id, compareChoices(references.get(id), values));
  if (trail === null) return dimensions;
  const identity = new Set(idsIn([...identityTexts(trail), trail.key?.reference ?? ''].join(' ')));
  for (const id of identity) offer(id, plainly(references.get(id)));
  const policyIds = idsIn(policyTexts(trail).join(' '));
  for (const id of policyIds) {
    const reference = references.get(id);
    const isOpen = !identity.has(id) && reference.kind === 'text' && reference.choices === null;
    offer(id, isOpen ? BOUNDS.map((bound) => ({ is: 'bound', bound })) : plainly(reference));
  }
  const places = [...new Set([...identity, ...policyIds])].map((id) => references.get(id)).filter(isPlace);
  for (const [id, choices] of samePlaces(places, references)) offer(id, choices);
  for (const [id, text] of matches(trail, references, compareWith)) offer(id, [{ is: 'text', text }]);
  return dimensions;
}

const isPlace = ({ kind }: Reference): boolean => kind === 'account' || kind === 'region';

/** Two accounts or two Regions that are open may be one: the later is what the earlier is. */
function* samePlaces(places: readonly Reference[], references: References): Generator<[string, readonly Choice[]]> {
  for (const [at, one] of places.entries()) {
    for (const earlier of places.slice(0, at)) {
      if (earlier.kind !== one.kind) continue;
      if (one.choices === null && earlier.choices === null)
        yield [one.id, [{ is: 'text', text: references.token(earlier) }]];
      else if (one.choices === null) yield [one.id, plainly(earlier)];
      else if (earlier.choices === null) yield [earlier.id, plainly(one)];
    }
  }
}

const plainly = ({ choices }: Reference): readonly Choice[] =>
  choices === null ? [{ is: 'itself' }] : choices.map((text) => ({ is: 'text', text }));

/** A reference that was compared is one of the values that it was compared with, or none of them. */
function compareChoices(reference: Reference, values: ReadonlySet<string>): readonly Choice[] {
  if (reference.choices !== null) return plainly(reference);
  return [{ is: 'itself' }, ...[...values].map((text): Choice => ({ is: 'text', text }))];
}

export const sameChoice = (one: Choice, other: Choice): boolean => JSON.stringify(one) === JSON.stringify(other);
