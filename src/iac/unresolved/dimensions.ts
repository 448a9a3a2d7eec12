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
  for (const id of idsIn(policyTexts(trail.key).join(' '))) {
    const reference = references.get(id);
    const isOpen = !identity.has(id) && reference.kind === 'text' && reference.choices === null;
    offer(id, isOpen ? BOUNDS.map((bound) => ({ is: 'bound', bound })) : plainly(reference));
  }
  for (const [id, text] of matches(trail, references, compareWith)) offer(id, [{ is: 'text', text }]);
  return dimensions;
}

const plainly = ({ choices }: Reference): readonly Choice[] =>
  choices === null ? [{ is: 'itself' }] : choices.map((text) => ({ is: 'text', text }));

/** A reference that was compared is one of the values that it was compared with, or none of them. */
function compareChoices(reference: Reference, values: ReadonlySet<string>): readonly Choice[] {
  if (reference.choices !== null) return plainly(reference);
  return [{ is: 'itself' }, ...[...values].map((text): Choice => ({ is: 'text', text }))];
}

export const sameChoice = (one: Choice, other: Choice): boolean => JSON.stringify(one) === JSON.stringify(other);
