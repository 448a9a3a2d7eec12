import { type CompiledCondition, type CompiledValue, compileCondition } from './condition.ts';
import type { Context } from './context.ts';
import { compileMatcher, test } from './matcher.ts';
import { compilePattern, type Piece } from './pattern.ts';
import type { KeyState } from './request.ts';
import { substitute, type ValueTemplate, type Variable } from './variables.ts';
import type { Work } from './work.ts';

/**
 * The same condition without the policy variables whose keys are not known, in every world in which none of these has
 * several values; `null` where nobody knows of one.
 *
 * - A key compared with itself, or with one that always has the same value: present is enough.
 * - A known value compared with a variable: only certain values of the variable's key make them equal, so it is a
 *   condition on that key.
 */
export function withoutUnknownVariables(
  condition: CompiledCondition,
  context: Context,
  work: Work,
): CompiledCondition | null {
  const { operator, values } = condition;
  if (operator === null || operator.quantifier !== 'none') return null;
  const unknown = [...new Set(condition.variables.map((name) => name.toLowerCase()))].filter(
    (key) => context.lookup(key) === undefined,
  );
  const [only] = unknown;
  const actual = context.lookup(condition.key);
  if (only === undefined || values.some((value) => value === null)) return null;
  if (typeof actual === 'string')
    return unknown.length === 1 ? onVariable(condition, only, actual, context, work) : null;
  const own = context.representativeOf(condition.key);
  const isOwn = unknown.every((key) => context.representativeOf(key) === own);
  return actual === undefined && isOwn && operator.family === 'text' ? onPresence(condition, context) : null;
}

/** What stands around the one unknown variable of a value. */
interface Gap {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
  readonly fallback: string | null;
}

/** `none`: a known variable has no value, so nothing matches; `null`: not exactly one variable is unknown. */
function gapOf({ parts }: ValueTemplate, context: Context): Gap | 'none' | null {
  const isUnknown = (part: ValueTemplate['parts'][number]): part is Variable =>
    'key' in part && context.lookup(part.key.toLowerCase()) === undefined;
  const [variable, another] = parts.filter(isUnknown);
  if (variable === undefined || another !== undefined) return null;
  const at = parts.indexOf(variable);
  const known = (some: ValueTemplate['parts']): readonly Piece[] | null | undefined =>
    substitute({ parts: some, keys: [], malformed: false }, (key) => singleValue(context, key));
  const [before, after] = [known(parts.slice(0, at)), known(parts.slice(at + 1))];
  if (before === undefined || after === undefined) return null;
  return before === null || after === null ? 'none' : { before, after, fallback: variable.fallback };
}

function singleValue(context: Context, key: string): string | null | undefined {
  const value = context.lookup(key);
  return typeof value === 'string' || value === null ? value : undefined;
}

const ANYTHING: CompiledValue = {
  matcher: { kind: 'text', pattern: compilePattern([{ text: '*', wildcards: true }]) },
};

/** Beside the key's own value nothing but wildcards may stand: every text is longer than one that it is a part of. */
function onPresence(condition: CompiledCondition, context: Context): CompiledCondition | null {
  const values: CompiledValue[] = [];
  for (const value of condition.values) {
    if (value === null || 'matcher' in value) {
      values.push(value);
      continue;
    }
    if (!hasUnknown(value.template, context)) {
      values.push(...knownValue(condition, value.template, context));
      continue;
    }
    const gap = gapOf(value.template, context);
    if (gap === null) return null;
    if (gap === 'none') continue;
    const isFree = ({ text, wildcards }: Piece): boolean =>
      text === '' || (wildcards && condition.operator?.wildcards === true && /^\*+$/.test(text));
    if ([...gap.before, ...gap.after].every(isFree)) values.push(ANYTHING);
  }
  return { ...condition, values, variables: [] };
}

const hasUnknown = ({ keys }: ValueTemplate, context: Context): boolean =>
  keys.some((key) => context.lookup(key.toLowerCase()) === undefined);

/** A value whose variables are all known; none where one has no value. `null`: one has several. */
function knownValue(
  { operator }: CompiledCondition,
  template: ValueTemplate,
  context: Context,
): readonly CompiledValue[] {
  const pieces = substitute(template, (key) => singleValue(context, key));
  if (pieces === null) return [];
  const matcher = pieces === undefined || operator === null ? null : compileMatcher(operator, pieces);
  return matcher === 'none' ? [] : [matcher === null ? null : { matcher }];
}

/** Longest value that is taken apart, and the most parts of it that are tried. */
const LONGEST_VALUE = 256;
const MOST_PARTS = 1_000;

/** The condition on a variable's key that holds where a known value meets the given one. */
function onVariable(
  condition: CompiledCondition,
  variable: string,
  actual: string,
  context: Context,
  work: Work,
): CompiledCondition | null {
  const { operator } = condition;
  if (operator === null || actual.length > LONGEST_VALUE) return null;
  if (operator.family !== 'text' && operator.family !== 'arn') return null;
  const fitting = new Set<string>();
  let tried = 0;
  let fitsWhenAbsent = false;
  for (const value of condition.values) {
    // INVARIANT: a value without unknown variables does not match, or the condition would be settled.
    if (value === null || 'matcher' in value) continue;
    if (!hasUnknown(value.template, context)) {
      if (knownValue(condition, value.template, context).includes(null)) return null;
      continue;
    }
    const gap = gapOf(value.template, context);
    if (gap === null) return null;
    if (gap === 'none') continue;
    const texts = [...gap.before, ...gap.after].map(({ text }) => text).join('');
    // With fewer segments it would depend on the value whether the pattern is one of an ARN.
    if (operator.family === 'arn' && texts.split(':').length <= 5) return null;
    if (operator.ignoresCase && !isAscii(`${texts}${actual}`)) return null;
    const fits = (text: string): boolean => {
      const matcher = compileMatcher(operator, [...gap.before, { text, wildcards: false }, ...gap.after]);
      return matcher !== null && matcher !== 'none' && test(matcher, actual) === true;
    };
    for (const part of partsOf(actual, gap, operator.ignoresCase)) {
      tried += 1;
      work.left -= texts.length + actual.length;
      if (tried > MOST_PARTS || work.left < 0) return null;
      if (fits(part)) fitting.add(part);
    }
    fitsWhenAbsent ||= gap.fallback !== null && mayBeAbsent(context.stateOf(variable)) && fits(gap.fallback);
  }
  // A negated operator would have to be false of an absent key alone, which no operator is.
  if (fitsWhenAbsent && operator.negated) return null;
  const name = `String${operator.negated ? 'Not' : ''}Equals${operator.ignoresCase ? 'IgnoreCase' : ''}`;
  const key = condition.variables.find((one) => one.toLowerCase() === variable) ?? variable;
  const listed = { operator: fitsWhenAbsent ? `${name}IfExists` : name, key, values: [...fitting] };
  // Where no value fits, the condition is false of every value: an empty list is no question of grammar here.
  return { ...compileCondition(listed, false), open: null };
}

const mayBeAbsent = (state: KeyState): boolean => state.is !== 'constrained' || state.orAbsent;

/** Parts of a value that can stand between the texts next to a variable: every value that fits is one of them. */
function* partsOf(actual: string, { before, after }: Gap, ignoresCase: boolean): Generator<string> {
  const [left, right] = [edgeOf(before, -1), edgeOf(after, 0)];
  const folded = (one: string): string => (ignoresCase ? one.toLowerCase() : one);
  const text = folded(actual);
  const last = actual.length - right.text.length;
  for (let from = left.text.length; from <= (left.isFixed ? left.text.length : last); from += 1) {
    if (!text.startsWith(folded(left.text), from - left.text.length)) continue;
    for (let to = right.isFixed ? Math.max(from, last) : from; to <= last; to += 1)
      if (text.startsWith(folded(right.text), to)) yield actual.slice(from, to);
  }
}

/** The text next to a variable, and whether nothing else stands on that side, so that the part begins or ends there. */
function edgeOf(pieces: readonly Piece[], at: -1 | 0): { readonly text: string; readonly isFixed: boolean } {
  const piece = pieces.at(at);
  if (piece === undefined) return { text: '', isFixed: true };
  const texts = piece.wildcards ? piece.text.split(/[*?]/) : [piece.text];
  return { text: texts.at(at) ?? '', isFixed: pieces.length === 1 && texts.length === 1 };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character counts.
const isAscii = (text: string): boolean => /^[\u0000-\u007F]*$/.test(text);
