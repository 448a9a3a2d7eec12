import { comparedLiterals, comparedValues } from './comparedValues.ts';
import type { Candidate } from './compile.ts';
import type { KeyValue } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import type { Exploration, Leaf } from './enumerate.ts';
import { explore } from './explore.ts';
import { compileConstraint } from './pattern.ts';
import { matches } from './patternMatch.ts';
import { type AccessRequest, absent, type KeyState, present } from './request.ts';
import type { Effort } from './work.ts';

/** Keys that are not known and that policy variables stand for. */
export function unknownVariables(candidates: readonly Candidate[], context: Context): readonly string[] {
  const names = candidates.flatMap(({ conditions }) => conditions.flatMap(({ variables }) => variables));
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((key) => context.lookup(key) === undefined);
}

/** Keys in policy variables tie one key's pattern to another's value; more than a few are not tried. */
const MOST_VARIABLES = 3;
const MOST_CASES = 64;

/** Leaves that are enough once both answers are among them. */
const LARGEST_SAMPLE = 256;

/**
 * Explorations of the worlds in which policy variables have certain values, for what the first one leaves open: a proof,
 * if there is one, by cases that cover every world; then examples, which may show that worlds differ.
 */
export function* exploreVariables(
  candidates: readonly Candidate[],
  request: AccessRequest,
  context: Context,
  effort: Effort,
): Generator<Exploration> {
  const free = [...new Set(unknownVariables(candidates, context).map(context.representativeOf))];
  if (free.length === 0 || free.length > MOST_VARIABLES) return;
  const inCase = (chosen: readonly KeyState[]): Exploration => {
    const states = new Map(free.map((key, index) => [key, chosen[index] ?? absent]));
    const exploration = explore(candidates, indexContext(withStates(request, context, states)), effort);
    const fixed = [...states].flatMap(([key, state]): [string, KeyValue][] => {
      if (state.is === 'present') return [[key, state.value]];
      return state.is === 'absent' ? [[key, null]] : [];
    });
    const leaves = exploration.leaves.map((leaf) => ({ ...leaf, values: new Map([...leaf.values, ...fixed]) }));
    return { ...exploration, leaves };
  };
  const cases = combinations(free.map((key) => casesOf(candidates, context, key)));
  if (cases.length <= MOST_CASES && !free.some((key) => mayHaveSeveral(candidates, context, key))) {
    const all = cases.map(inCase);
    const leaves = all.flatMap((one) => one.leaves);
    yield { leaves, incomplete: all.find(({ incomplete }) => incomplete !== null)?.incomplete ?? null };
  }
  if (free.some((key) => context.stateOf(key).is === 'unknown')) yield byExamples(candidates, context, free, inCase);
}

/** The key is given a value, then taken away: no proof. */
function byExamples(
  candidates: readonly Candidate[],
  context: Context,
  free: readonly string[],
  inCase: (chosen: readonly KeyState[]) => Exploration,
): Exploration {
  const leaves: Leaf[] = [];
  const has = (wanted: Leaf['outcome']): boolean => leaves.some(({ outcome }) => outcome === wanted);
  const values = free.map((key): readonly KeyState[] => {
    const state = context.stateOf(key);
    if (state.is !== 'unknown') return [state];
    return [absent, ...['x', ...comparedValues(candidates, context, key)].map((value) => present(value))];
  });
  for (const chosen of combinations(values).slice(0, MOST_CASES)) {
    if (leaves.length > LARGEST_SAMPLE && has('denied') && has('allowed')) break;
    leaves.push(...inCase(chosen).leaves);
  }
  return { leaves, incomplete: 'not all values were tried' };
}

/** What a key may be, without a gap: absent, one of the values that it is compared with, or any other. */
function casesOf(candidates: readonly Candidate[], context: Context, key: string): readonly KeyState[] {
  const state = context.stateOf(key);
  if (state.is === 'present' || state.is === 'absent') return [state];
  const { matching = [], outside = [] } = state.is === 'constrained' ? state : {};
  const patterns = matching.map(compileConstraint);
  const mayBe = (value: string): boolean =>
    !outside.includes(value) && (patterns.length === 0 || patterns.some((pattern) => matches(pattern, value)));
  const named = [...comparedLiterals(candidates, context, key), ...comparedValues(candidates, context, key)];
  const all = [...new Set([...patterns.flatMap(({ literal }) => literal ?? []), ...named])].filter(mayBe);
  const isListed = patterns.length > 0 && patterns.every(({ literal }) => literal !== null);
  const others: KeyState = { is: 'constrained', matching, outside: [...outside, ...all], orAbsent: false };
  return [
    ...(state.is === 'unknown' || state.orAbsent ? [absent] : []),
    ...all.map((value) => present(value)),
    ...(isListed ? [] : [others]),
  ];
}

/** Whether a condition with ForAllValues or ForAnyValue looks at the key: the values above are single ones. */
const mayHaveSeveral = (candidates: readonly Candidate[], context: Context, key: string): boolean =>
  candidates.some(({ conditions }) =>
    conditions.some(
      ({ operator, key: other }) => operator?.quantifier !== 'none' && context.representativeOf(other) === key,
    ),
  );

function combinations<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const [first, ...rest] = choices;
  if (first === undefined) return [[]];
  const others = combinations(rest);
  return first.flatMap((choice) => others.map((other) => [choice, ...other]));
}

/** The request with states for some keys and for those that are tied to them. */
function withStates(request: AccessRequest, context: Context, states: ReadonlyMap<string, KeyState>): AccessRequest {
  const tied = (request.ties ?? []).flat().map((key) => key.toLowerCase());
  const known = new Map(Object.entries(request.context));
  for (const key of [...states.keys(), ...tied]) {
    const state = states.get(context.representativeOf(key));
    if (state !== undefined) known.set(context.spellingOf(key) ?? key, state);
  }
  return { ...request, context: Object.fromEntries(known) };
}
