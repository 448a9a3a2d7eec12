import { type CompiledCondition, evaluateCondition, type KeyValue, type Lookup, type Truth } from './condition.ts';
import type { Matcher } from './matcher.ts';
import { compileConstraint, covers, literalPattern, matches, type Pattern } from './pattern.ts';
import { representatives } from './representatives.ts';
import type { KeyState } from './request.ts';
import { searchText } from './text.ts';

/** A condition on a key whose value is not known, with the policy variables in its values filled in. */
export interface Atom {
  readonly condition: CompiledCondition;
  /** `null` stands for a value that the documentation leaves open. */
  readonly matchers: readonly (Matcher | null)[];
}

/** What an atom must come out as; `null`: left open by the documentation. */
export interface Demand {
  readonly atom: Atom;
  readonly truth: Truth;
}

/** A value that meets all demands, the proof that there is none, or neither. */
export type Solution =
  | { readonly found: true; readonly value: KeyValue }
  | { readonly found: false; readonly proved: boolean };

/** Counts what the search for values costs, in positions of patterns looked at. */
export interface Meter {
  cost: number;
}

const IMPOSSIBLE: Solution = { found: false, proved: true };
const UNSURE: Solution = { found: false, proved: false };

/**
 * Searches a value of one condition key that meets every demand.
 *
 * @param isSet every condition that mentions the key has ForAllValues, ForAnyValue or Null: it may hold several values.
 */
export function solve(
  state: KeyState,
  demands: readonly Demand[],
  isSet: boolean,
  known: Lookup,
  meter: Meter,
): Solution {
  const mayBeAbsent = state.is === 'unknown' || (state.is === 'constrained' && state.orAbsent);
  if (mayBeAbsent && demands.every((demand) => holdsFor(demand, null, known))) return { found: true, value: null };
  const isOnPresence = ({ atom }: Demand): boolean => atom.condition.operator?.family === 'null';
  const onPresence = demands.filter(isOnPresence);
  const onValue = demands.filter((demand) => !isOnPresence(demand));
  if (!onPresence.every((demand) => holdsFor(demand, 'x', known))) return IMPOSSIBLE;
  return isSet ? solveSet(state, onValue, known, meter) : solveValue(state, onValue, known, meter);
}

const holdsFor = ({ atom, truth }: Demand, value: KeyValue, known: Lookup): boolean =>
  evaluateCondition(atom.condition, (key) => (key === atom.condition.key ? value : known(key))) === truth;

/** A set of values: some demands hold for every element, each of the others needs one element of its own. */
function solveSet(state: KeyState, demands: readonly Demand[], known: Lookup, meter: Meter): Solution {
  const everywhere: Demand[] = [];
  const somewhere: Demand[] = [];
  for (const demand of demands) {
    const forAll = demand.atom.condition.operator?.quantifier === 'all';
    (forAll === demand.truth ? everywhere : somewhere).push(demand);
  }
  const elements: string[] = [];
  let proved = true;
  for (const one of somewhere.length === 0 ? [[]] : somewhere.map((demand) => [demand])) {
    const solution = solveValue(state, [...everywhere, ...one], known, meter);
    if (!solution.found) {
      if (solution.proved) return solution;
      proved = false;
    } else if (typeof solution.value === 'string' && !elements.includes(solution.value)) elements.push(solution.value);
  }
  return proved ? { found: true, value: elements } : UNSURE;
}

/** What the demands ask of one single value, apart from its kind. */
interface Needs {
  readonly clauses: readonly (readonly Matcher[])[];
  readonly excluded: readonly Matcher[];
}

function solveValue(state: KeyState, demands: readonly Demand[], known: Lookup, meter: Meter): Solution {
  const needs = needsOf(demands);
  if (needs === null) return IMPOSSIBLE;
  const text = textDemand(state, needs);
  // The latest demand first: it is the one that values which met the earlier ones may fail.
  const others = demands.filter(({ atom }) => !atom.matchers.every((matcher) => matcher?.kind === 'text')).reverse();
  const fits = (value: string): boolean =>
    text.clauses.every((patterns) => patterns.some((pattern) => matches(pattern, value))) &&
    !text.excluded.some((pattern) => matches(pattern, value)) &&
    others.every((demand) => {
      meter.cost += 1 + demand.atom.matchers.length / 4;
      return holdsFor(demand, value, known);
    });
  const matchers = [...needs.clauses.flat(), ...needs.excluded];
  const typed = representatives(matchers);
  for (const guesses of [typed, guessTexts(text.clauses)])
    for (const value of guesses) {
      meter.cost += 1 + (text.clauses.length * value.length) / 4;
      if (fits(value)) return { found: true, value };
    }
  if (typed.length > 0) {
    const kinds = new Set(matchers.map((matcher) => matcher.kind));
    const isPure = kinds.size === 1 && state.is === 'unknown';
    const isBoolean = [...kinds].every((kind) => kind === 'bool' || kind === 'text');
    return isBoolean || isPure ? IMPOSSIBLE : UNSURE;
  }
  const isHopeless = (pattern: Pattern): boolean => {
    if (pattern.literal === null) return text.excluded.some((other) => covers(other, pattern));
    meter.cost += demands.length;
    return !fits(pattern.literal);
  };
  if (text.clauses.some((patterns) => patterns.every(isHopeless))) return IMPOSSIBLE;
  const search = searchText(text);
  meter.cost += search.cost;
  if (search.text === undefined) return UNSURE;
  return search.text === null ? IMPOSSIBLE : { found: true, value: search.text };
}

/** `null` when a demand cannot be met by any value. */
function needsOf(demands: readonly Demand[]): Needs | null {
  const clauses: Matcher[][] = [];
  const excluded: Matcher[] = [];
  for (const { atom, truth } of demands) {
    const matchers = atom.matchers.filter((matcher) => matcher !== null);
    const isOpen = matchers.length < atom.matchers.length;
    const mustMatch = truth !== null && truth !== (atom.condition.operator?.negated ?? false);
    // Where an open value is left, a value that matches none of the others leaves the condition open.
    if (!mustMatch && isOpen !== (truth === null)) return null;
    if (mustMatch) clauses.push(matchers);
    else excluded.push(...matchers);
  }
  return { clauses, excluded };
}

function textDemand(state: KeyState, needs: Needs): { clauses: Pattern[][]; excluded: Pattern[] } {
  const patternsOf = (matchers: readonly Matcher[]): Pattern[] =>
    matchers.flatMap((matcher) => (matcher.kind === 'text' ? [matcher.pattern] : []));
  const clauses = needs.clauses
    .filter((matchers) => matchers.every((matcher) => matcher.kind === 'text'))
    .map(patternsOf);
  const excluded = patternsOf(needs.excluded);
  if (state.is === 'constrained') {
    if (state.matching.length > 0) clauses.push(state.matching.map(compileConstraint));
    excluded.push(...state.outside.map((text) => literalPattern(text)));
  }
  return { clauses, excluded };
}

const FILLERS: readonly string[] = ['x', '', 'y1'];

/** Longest guess that is put together from several patterns. */
const LONGEST_GUESS = 2_000;

/** Plain guesses that spare most searches: the patterns of the narrowest clause with their wildcards filled, or one of each. */
function* guessTexts(clauses: readonly (readonly Pattern[])[]): Generator<string> {
  const [narrowest] = [...clauses].sort((a, b) => a.length - b.length);
  if (narrowest === undefined) yield* ['x', 'y1', 'zz'];
  for (const pattern of narrowest ?? []) {
    if (pattern.literal !== null) yield pattern.literal;
    else for (const filler of FILLERS) yield fill(pattern, filler);
  }
  if (clauses.length < 2) return;
  const joined = clauses.map(([first]) => (first === undefined ? '' : fill(first, ''))).join('');
  if (joined.length <= LONGEST_GUESS) yield joined;
}

function fill({ tokens }: Pattern, filler: string): string {
  let text = '';
  for (const token of tokens)
    text += token.kind === 'character' ? token.character : token.kind === 'any' ? 'x' : filler;
  return text;
}
