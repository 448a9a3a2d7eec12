import type { State, WildcardAutomaton } from './wildcardAutomaton.ts';
import type { Work } from './work.ts';

/** Steps of one search; some tens of milliseconds. */
const LARGEST_SEARCH = 400_000;

interface Node {
  /** One for each automaton, the excluded ones first. */
  readonly states: readonly State[];
  readonly text: string;
}

/**
 * Searches the product of automata for a text that all `wanted` accept and none of `excluded` does, nearest to its end
 * first. Exact: `null` is the proof that there is none; `undefined` when the search grew too large.
 *
 * The empty text comes last: a request may carry it, but no example is less telling.
 */
export function searchText(
  wanted: readonly WildcardAutomaton[],
  excluded: readonly WildcardAutomaton[],
  work: Work,
): string | null | undefined {
  const automata = [...excluded, ...wanted];
  const isWanted = (index: number): boolean => index >= excluded.length;
  const isDone = (states: readonly State[]): boolean =>
    states.every((state, index) => state.isAccepting === isWanted(index));
  const stepAll = (states: readonly State[], character: string): readonly State[] | null => {
    const next: State[] = [];
    for (const [index, state] of states.entries()) {
      const stepped = automata[index]?.step(state, character, work);
      // No continuation can satisfy the demand.
      if (stepped === undefined || (isWanted(index) ? stepped.positions.length === 0 : stepped.acceptsForEver))
        return null;
      next.push(stepped);
    }
    return next;
  };
  const start: Node = { states: automata.map((automaton) => automaton.start), text: '' };
  const seen = new Tuples();
  seen.add(start.states);
  const queue = new DistanceQueue(excluded.length);
  queue.add(start);
  const enough = Math.max(0, work.left - LARGEST_SEARCH);
  for (let node = queue.take(); node !== undefined; node = queue.take())
    for (const character of charactersOf(node.states)) {
      work.left -= automata.length;
      if (work.left < enough) return undefined;
      const states = stepAll(node.states, character);
      if (states === null) continue;
      const text = node.text + character;
      if (isDone(states)) return text;
      if (seen.add(states)) queue.add({ states, text });
    }
  return isDone(start.states) ? '' : null;
}

/** A set of lists of states, all of the same length. */
class Tuples {
  private readonly root: Branches = new Map();

  /** Whether the list was not there. */
  add(states: readonly State[]): boolean {
    let branches = this.root;
    let isNew = false;
    for (const { id } of states) {
      let next = branches.get(id);
      if (next === undefined) {
        next = new Map();
        branches.set(id, next);
        isNew = true;
      }
      branches = next;
    }
    return isNew;
  }
}

type Branches = Map<number, Branches>;

/** Characters that stand for all that no pattern mentions, tried in this order. */
const OTHERS = [...'xyzwvutsrqponmlkjihgfedcba0123456789XYZABCDEFGHIJKLMNOPQRSTUVW_-/.@+=, '];
/** The first character of Latin-1 that is printed. */
const FIRST_BEYOND = 0xa1;

/** One character of each kind that the automata tell apart in these states, the unmentioned ones last. */
function charactersOf(states: readonly State[]): readonly string[] {
  const characters = new Set<string>();
  for (const state of states) for (const character of state.characters) characters.add(character);
  const isUnmentioned = (one: string): boolean =>
    !characters.has(one.toLowerCase()) && !characters.has(one.toUpperCase());
  let other = OTHERS.find(isUnmentioned);
  // However many characters the patterns mention, there is a further one.
  for (let code = FIRST_BEYOND; other === undefined; code += 1)
    if (isUnmentioned(String.fromCodePoint(code))) other = String.fromCodePoint(code);
  return [...characters, other];
}

/** Nodes by the number of characters that the wanted patterns still need at least. */
class DistanceQueue {
  private readonly buckets: Node[][] = [];
  private lowest = 0;
  private readonly firstWanted: number;

  constructor(firstWanted: number) {
    this.firstWanted = firstWanted;
  }

  add(node: Node): void {
    const distance = node.states.slice(this.firstWanted).reduce((sum, state) => sum + state.distance, 0);
    let bucket = this.buckets[distance];
    if (bucket === undefined) {
      bucket = [];
      this.buckets[distance] = bucket;
    }
    bucket.push(node);
    this.lowest = Math.min(this.lowest, distance);
  }

  take(): Node | undefined {
    while (this.lowest < this.buckets.length) {
      const node = this.buckets[this.lowest]?.pop();
      if (node !== undefined) return node;
      this.lowest += 1;
    }
    return undefined;
  }
}
