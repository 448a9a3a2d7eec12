import { compileConstraint, wildcardPattern } from '../../policy/pattern.ts';
import { searchText } from '../../policy/text.ts';
import { WildcardAutomaton } from '../../policy/wildcardAutomaton.ts';
import { LARGEST_EXPLORATION, workFor } from '../../policy/work.ts';
import { idsIn, pieces, type Reference, replaceTokens } from '../reference.ts';

type Lookup = (id: string) => Reference;

/** Instances that were found, or not, by what they are instances of: most worlds of a trail ask for the same. */
export type Instances = Map<string, string | null>;

/** What a reference of each kind looks like: `*` and `?` stay between colons and slashes, `**` is any text. */
const SHAPES: Readonly<Record<Reference['kind'], string>> = {
  account: '????????????',
  region: '*-*-?',
  partition: 'aws*',
  name: '*',
  text: '**',
};

/**
 * Values of as few references in `text` as can be with which it matches `other`, a text or pattern in which `*` and `?`
 * stand for any characters. Empty where it matches with the marks already, `null` where it never does.
 *
 * @param text `**` in it is any text
 * @param marks for each reference a value that is nothing else's
 */
export function solveReference(
  text: string,
  other: string,
  marks: ReadonlyMap<string, string>,
  lookup: Lookup,
  known: Instances = new Map(),
): ReadonlyMap<string, string> | null {
  const open = new Set(idsIn(text));
  const marked = (): string =>
    replaceTokens(text, (id) => (open.has(id) ? tokenOf(id) : (marks.get(id) ?? tokenOf(id))));
  let found = instanceOf(marked(), other, lookup, known);
  if (found === null) return null;
  for (const id of [...open]) {
    if (!marks.has(id)) continue;
    open.delete(id);
    const narrower = instanceOf(marked(), other, lookup, known);
    if (narrower === null) open.add(id);
    else found = narrower;
  }
  return valuesIn(marked(), found, lookup);
}

const tokenOf = (id: string): string => `\uE000${id}\uE001`;

/** A text that is an instance of both; `null` where there is none, or none was found in time. */
function instanceOf(text: string, other: string, lookup: Lookup, known: Instances): string | null {
  const shape = replaceTokens(text, (id) => SHAPES[lookup(id).kind]);
  const asked = JSON.stringify([shape, other]);
  const before = known.get(asked);
  if (before !== undefined) return before;
  const wanted = [compileConstraint(shape), wildcardPattern(other)].map((pattern) => new WildcardAutomaton([pattern]));
  const instance = searchText(wanted, [], workFor(LARGEST_EXPLORATION)) ?? null;
  known.set(asked, instance);
  return instance;
}

/** The values that the references of a text have in an instance of it. */
function valuesIn(text: string, instance: string, lookup: Lookup): ReadonlyMap<string, string> | null {
  const parts = pieces(text);
  const source = parts.map((part) => ('literal' in part ? literalSource(part.literal) : '(.*?)')).join('');
  const match = new RegExp(`^${source}$`, 's').exec(instance);
  if (match === null) return null;
  const ids = parts.flatMap((part) => ('id' in part ? [part.id] : []));
  const values = new Map<string, string>();
  for (const [index, id] of ids.entries()) {
    const value = realistic(match[index + 1] ?? '', lookup(id));
    if (value !== null && !values.has(id)) values.set(id, value);
  }
  return values;
}

/** An account id has digits only, whatever filled a wildcard; a value outside the choices is none. */
function realistic(value: string, { kind, choices }: Reference): string | null {
  if (value === '' || (choices !== null && !choices.includes(value))) return null;
  return kind === 'account' ? value.replace(/\D/g, '1') : value;
}

const literalSource = (text: string): string =>
  text
    .split('**')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
