import { candidatesOf, RESOURCE } from '../../policy/compile.ts';
import type { KeyValue, Lookup } from '../../policy/condition.ts';
import { indexContext } from '../../policy/context.ts';
import { decide, deciders, type Outcome, truthsOf } from '../../policy/decide.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import type { AccessRequest } from '../../policy/request.ts';

/** Values of condition keys; a key that is not named is absent. */
export type DifferenceContext = Readonly<Record<string, string | readonly string[]>>;

const RANK = { denied: 0, delegated: 1, allowed: 2 } as const satisfies Record<Outcome, number>;

/** A request that one policy gives and another does not, with as few condition keys as it takes. */
export function witnessOf(
  policy: KeyPolicy,
  than: KeyPolicy,
  request: AccessRequest,
  values: ReadonlyMap<string, KeyValue>,
): { readonly context: DifferenceContext; readonly statements: readonly string[] } {
  const [mine, theirs] = [policy, than].map((one) => candidatesOf(one, request, []));
  if (mine === undefined || theirs === undefined) throw new Error('INVARIANT: there are two policies');
  const context = indexContext(request);
  const world = new Map(values);
  const lookup = (key: string): KeyValue => {
    const known = context.lookup(key);
    return known === undefined ? (world.get(context.representativeOf(key)) ?? null) : known;
  };
  const isExcess = (): boolean => {
    const [more, less] = [boundOf(mine, lookup, 'least').outcome, boundOf(theirs, lookup, 'most').outcome];
    return RANK[more] > RANK[less];
  };
  for (const [key, value] of [...world]) {
    const state = context.stateOf(key);
    if (value === null || !(state.is === 'unknown' || (state.is === 'constrained' && state.orAbsent))) continue;
    world.set(key, null);
    if (!isExcess()) world.set(key, value);
  }
  const { outcome, truths } = boundOf(mine, lookup, 'least');
  const statements = deciders(mine, truths, outcome);
  return { context: namedValues([...mine, ...theirs], request, lookup), statements: [...new Set(statements)] };
}

/** The least or the most that statements come to in one world, whichever way the documentation is read. */
function boundOf(candidates: ReturnType<typeof candidatesOf>, lookup: Lookup, bound: 'least' | 'most') {
  const truths = truthsOf(candidates, lookup).map(
    (truth, index) => truth ?? (candidates[index]?.grants === 'deny') === (bound === 'least'),
  );
  const outcome = decide(candidates, truths);
  if (outcome === null) throw new Error('INVARIANT: every statement applies or does not');
  return { outcome, truths };
}

/** The keys that conditions mention and that are there, as the request or else the policies spell them. */
function namedValues(
  candidates: ReturnType<typeof candidatesOf>,
  request: AccessRequest,
  lookup: (key: string) => KeyValue,
): DifferenceContext {
  const { spellingOf } = indexContext(request);
  // Without a prototype, so that a key may be called __proto__.
  const named: Record<string, string | readonly string[]> = Object.create(null);
  const seen = new Set<string>();
  for (const { conditions } of candidates)
    for (const { source, variables } of conditions)
      for (const name of [source.key, ...variables]) {
        const key = name.toLowerCase();
        const value = seen.has(key) || source.key === RESOURCE ? null : lookup(key);
        seen.add(key);
        if (value !== null) named[spellingOf(key) ?? name] = value;
      }
  return named;
}
