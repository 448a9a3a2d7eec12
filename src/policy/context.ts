import { RESOURCE } from './compile.ts';
import type { KeyValue, Lookup } from './condition.ts';
import { type AccessRequest, type KeyState, present } from './request.ts';

/** A request's context, indexed by key names in lower case. */
export interface Context {
  readonly lookup: Lookup;
  stateOf(key: string): KeyState;
  /** The name as the request spells it, where it names the key. */
  spellingOf(key: string): string | null;
  /** The one key that stands for all that are tied to this one. */
  representativeOf(key: string): string;
}

const ABSENT: KeyState = { is: 'absent' };
const UNKNOWN: KeyState = { is: 'unknown' };

export function indexContext(request: AccessRequest): Context {
  // Many requests are settled before any of their keys is looked at.
  let index: ReadonlyMap<string, KeyState> | null = null;
  const states = (): ReadonlyMap<string, KeyState> => {
    index ??= statesIn(request);
    return index;
  };
  // Few requests are told with the names of their keys.
  let spellings: ReadonlyMap<string, string> | null = null;
  const spelling = (key: string): string | undefined => {
    spellings ??= spellingsIn(request.context);
    return spellings.get(key);
  };
  const representatives = new Map<string, string>();
  for (const tied of request.ties ?? []) {
    const [first, ...others] = tied.map((key) => key.toLowerCase());
    for (const other of others) if (first !== undefined) representatives.set(other, first);
  }
  const otherKeys = request.otherKeys === 'unknown' ? UNKNOWN : ABSENT;
  const stateOf = (key: string): KeyState => states().get(key) ?? otherKeys;
  return {
    lookup: (key) => valueOfState(stateOf(key)),
    stateOf,
    spellingOf: (key) => spelling(key) ?? (states().has(key) ? key : null),
    representativeOf: (key) => representatives.get(key) ?? key,
  };
}

function statesIn({ context, resource, resources = present(resource) }: AccessRequest): ReadonlyMap<string, KeyState> {
  const states = new Map<string, KeyState>([[RESOURCE, resources]]);
  for (const name in context) states.set(name.toLowerCase(), context[name] ?? ABSENT);
  return states;
}

/** Names that are not in lower case, by what they are in lower case. */
const spellingsIn = (context: AccessRequest['context']): ReadonlyMap<string, string> =>
  new Map(
    Object.keys(context)
      .map((name) => [name.toLowerCase(), name] as const)
      .filter(([key, name]) => key !== name),
  );

function valueOfState(state: KeyState): KeyValue | undefined {
  if (state.is === 'present') return state.value;
  return state.is === 'absent' ? null : undefined;
}
