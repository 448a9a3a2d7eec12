import {
  type CompiledCondition,
  evaluateCondition,
  type KeyValue,
  type Lookup,
  resolveMatchers,
  type Truth,
} from './condition.ts';
import { representatives } from './keyRepresentatives.ts';
import type { Matcher } from './matcher.ts';
import { compileConstraint, literalPattern, type Pattern, type Token } from './pattern.ts';
import { covers, matches } from './patternMatch.ts';
import type { KeyState } from './request.ts';
import { searchText } from './text.ts';
import { WildcardAutomaton } from './wildcardAutomaton.ts';
import type { Work } from './work.ts';

/** A condition on a key whose value is not known, with the policy variables in its values filled in. */
export interface Atom {
  readonly condition: CompiledCondition;
  /** `null` stands for a value that the documentation leaves open. */
  readonly matchers: readonly (Matcher | null)[];
  /** The texts among the matchers. */
  readonly patterns: readonly Pattern[];
}

/** Of conditions without variables: with them their automata are kept with the policy, for all questions. */
const atoms = new WeakMap<CompiledCondition, Atom>();

export function atomOf(condition: CompiledCondition, lookup: Lookup): Atom {
  const known = condition.variables.length === 0 ? atoms.get(condition) : undefined;
  if (known !== undefined) return known;
  const matchers = resolveMatchers(condition, lookup);
  const patterns = matchers.flatMap((matcher) => (matcher?.kind === 'text' ? [matcher.pattern] : []));
  const atom = { condition, matchers, patterns };
  if (condition.variables.length === 0) atoms.set(condition, atom);
  return atom;
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
  work: Work,
): Solution {
  const mayBeAbsent = state.is === 'unknown' || (state.is === 'constrained' && state.orAbsent);
  if (mayBeAbsent && demands.every((demand) => holdsFor(demand, null, known))) return { found: true, value: null };
  const isOnPresence = ({ atom }: Demand): boolean => atom.condition.operator?.family === 'null';
  const onPresence = demands.filter(isOnPresence);
  const onValue = demands.filter((demand) => !isOnPresence(demand));
  if (!onPresence.every((demand) => holdsFor(demand, 'x', known))) return IMPOSSIBLE;
  return isSet ? solveSet(state, onValue, known, work) : solveValue(state, onValue, known, work);
}

const holdsFor = ({ atom, truth }: Demand, value: KeyValue, known: Lookup): boolean =>
  evaluateCondition(atom.condition, (key) => (key === atom.condition.key ? value : known(key))) === truth;

/** A set of values: some demands hold for every element, each of the others needs one element of its own. */
function solveSet(state: KeyState, demands: readonly Demand[], known: Lookup, work: Work): Solution {
  const everywhere: Demand[] = [];
  const somewhere: Demand[] = [];
  for (const demand of demands) {
    const forAll = demand.atom.condition.operator?.quantifier === 'all';
    (forAll === demand.truth ? everywhere : somewhere).push(demand);
  }
  const elements: string[] = [...(state.is === 'constrained' ? (state.containing ?? []) : [])];
  if (!elements.every((element) => everywhere.every((demand) => holdsFor(demand, [element], known)))) return IMPOSSIBLE;
  let proved = true;
  for (const one of somewhere.length === 0 ? [[]] : somewhere.map((demand) => [demand])) {
    const solution = solveValue(state, [...everywhere, ...one], known, work);
    if (!solution.found) {
      if (solution.proved) return solution;
      proved = false;
    } else if (typeof solution.value === 'string' && !elements.includes(solution.value)) elements.push(solution.value);
  }
  return proved ? { found: true, value: elements } : UNSURE;
}

/** What the demands ask of one single value: a match with each of some atoms, and with none of the others. */
interface Needs {
  readonly wanted: readonly Atom[];
  readonly excluded: readonly Atom[];
}

function solveValue(state: KeyState, demands: readonly Demand[], known: Lookup, work: Work): Solution {
  const needs = needsOf(demands);
  if (needs === null) return IMPOSSIBLE;
  const limits = limitsOf(state);
  const clauses = [...needs.wanted.filter(isOfText).map(({ patterns }) => patterns), ...limits.clauses];
  const excluded = [...needs.excluded.flatMap(({ patterns }) => patterns), ...limits.excluded];
  // The latest demand first: it is the one that values which met the earlier ones may fail.
  const others = demands.filter(({ atom }) => !isOfText(atom)).reverse();
  const fits = (value: string): boolean =>
    clauses.every((patterns) => patterns.some((pattern) => matches(pattern, value))) &&
    !excluded.some((pattern) => matches(pattern, value)) &&
    others.every((demand) => {
      work.left -= 1 + demand.atom.matchers.length;
      return holdsFor(demand, value, known);
    });
  const listed = clauses.find((patterns) => patterns.every(({ literal }) => literal !== null));
  const matchers = [...needs.wanted, ...needs.excluded].flatMap((atom) => atom.matchers.filter(isKnown));
  const typed = representatives(matchers);
  for (const guesses of [typed, listed === undefined ? guessTexts(clauses) : listed.map(({ text }) => text)])
    for (const value of guesses) {
      work.left -= 1 + (clauses.length * value.length) / 4;
      if (fits(value)) return { found: true, value };
      if (work.left < 0) return UNSURE;
    }
  if (listed !== undefined) return IMPOSSIBLE;
  if (typed.length > 0) {
    const kinds = new Set(matchers.map((matcher) => matcher.kind));
    const isPure = kinds.size === 1 && state.is === 'unknown';
    const isBoolean = [...kinds].every((kind) => kind === 'bool' || kind === 'text');
    return isBoolean || isPure ? IMPOSSIBLE : UNSURE;
  }
  const isHopeless = (pattern: Pattern): boolean => excluded.some((other) => takesIn(other, pattern, work));
  if (clauses.some((patterns) => patterns.every((pattern) => work.left >= 0 && isHopeless(pattern)))) return IMPOSSIBLE;
  const text = searchText(
    [...needs.wanted.map(({ patterns }) => automatonOf(patterns)), ...limits.clauses.map(automatonOf)],
    [
      ...needs.excluded.map(({ patterns }) => automatonOf(patterns)),
      ...(limits.excluded.length > 0 ? [automatonOf(limits.excluded)] : []),
    ],
    work,
  );
  if (text === undefined) return UNSURE;
  return text === null ? IMPOSSIBLE : { found: true, value: text };
}

const coverings = new WeakMap<Pattern, WeakMap<Pattern, boolean>>();

/** `covers`, asked once for each pair of patterns. */
function takesIn(wide: Pattern, narrow: Pattern, work: Work): boolean {
  work.left -= 1;
  const known = coverings.get(wide)?.get(narrow);
  if (known !== undefined) return known;
  work.left -= narrow.tokens.length;
  const answer = covers(wide, narrow);
  const answers = coverings.get(wide) ?? new WeakMap<Pattern, boolean>();
  coverings.set(wide, answers.set(narrow, answer));
  return answer;
}

const isKnown = (matcher: Matcher | null): matcher is Matcher => matcher !== null;

const isOfText = ({ matchers }: Atom): boolean => matchers.every((matcher) => matcher?.kind === 'text');

/** `null` when a demand cannot be met by any value. */
function needsOf(demands: readonly Demand[]): Needs | null {
  const wanted: Atom[] = [];
  const excluded: Atom[] = [];
  for (const { atom, truth } of demands) {
    const isOpen = atom.matchers.includes(null);
    const mustMatch = truth !== null && truth !== (atom.condition.operator?.negated ?? false);
    // Where an open value is left, a value that matches none of the others leaves the condition open.
    if (!mustMatch && isOpen !== (truth === null)) return null;
    (mustMatch ? wanted : excluded).push(atom);
  }
  return { wanted, excluded };
}

interface Limits {
  readonly clauses: readonly (readonly Pattern[])[];
  readonly excluded: readonly Pattern[];
}

const NO_LIMITS: Limits = { clauses: [], excluded: [] };
/** A request's states are asked about again and again. */
const knownLimits = new WeakMap<KeyState, Limits>();

/** What a constrained key's values must match and must not be. */
function limitsOf(state: KeyState): Limits {
  if (state.is !== 'constrained') return NO_LIMITS;
  const limits = knownLimits.get(state) ?? {
    clauses: state.matching.length > 0 ? [state.matching.map(compileConstraint)] : [],
    excluded: state.outside.map((text) => literalPattern(text)),
  };
  knownLimits.set(state, limits);
  return limits;
}

const automata = new WeakMap<readonly Pattern[], WildcardAutomaton>();

/** The automaton of a list of patterns, made once and kept with the list. */
function automatonOf(patterns: readonly Pattern[]): WildcardAutomaton {
  const automaton = automata.get(patterns) ?? new WildcardAutomaton(patterns);
  automata.set(patterns, automaton);
  return automaton;
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

const FILLED: Readonly<Partial<Record<Token['kind'], string>>> = { any: 'x', digit: '1' };

function fill({ tokens }: Pattern, filler: string): string {
  let text = '';
  for (const token of tokens) text += token.kind === 'character' ? token.character : (FILLED[token.kind] ?? filler);
  return text;
}

/** Whether a condition asks for one of some literal texts, none of which its key can be: then it holds in no world. */
export function asksForNoneOf(state: KeyState, { operator, values, open }: CompiledCondition): boolean {
  const [possible] = limitsOf(state).clauses;
  if (possible === undefined || operator === null || open !== null) return false;
  if (operator.negated || operator.ifExists || operator.quantifier !== 'none') return false;
  return values.every((value) => {
    const text = value !== null && 'matcher' in value && value.matcher.kind === 'text' && value.matcher.pattern.literal;
    return typeof text === 'string' && !possible.some((pattern) => matches(pattern, text));
  });
}
