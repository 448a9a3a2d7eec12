import { Machine, type State } from './machine.ts';
import type { Pattern } from './pattern.ts';

/** What a text must satisfy: one pattern of every clause, and none of the excluded ones. */
export interface TextDemand {
  readonly clauses: readonly (readonly Pattern[])[];
  readonly excluded: readonly Pattern[];
}

/** The outcome of a search: a text, `null` when there provably is none, `undefined` when the search grew too large. */
export interface TextSearch {
  readonly text: string | null | undefined;
  /** Positions of patterns looked at. */
  readonly cost: number;
}

/** Positions looked at in one search; some tens of milliseconds. */
const LARGEST_SEARCH = 300_000;

interface Node {
  readonly states: readonly State[];
  readonly text: string;
}

/**
 * Searches the product of the patterns' automata for a text, nearest to its end first. Exact: `null` is a proof.
 * The empty text comes last: a request may carry it, but no example is less telling.
 */
export function searchText({ clauses, excluded }: TextDemand): TextSearch {
  const machines = [excluded, ...clauses].map((patterns) => new Machine(patterns));
  const start: Node = { states: machines.map((machine) => machine.start), text: '' };
  const seen = new Set([keyOf(start.states)]);
  const queue = new DistanceQueue();
  queue.add(start);
  let steps = 0;
  const cost = (): number => machines.reduce((sum, machine) => sum + machine.cost, steps * machines.length);
  for (let node = queue.take(); node !== undefined; node = queue.take())
    for (const character of charactersOf(node.states)) {
      steps += 1;
      const states = stepAll(machines, node.states, character);
      if (states === null) continue;
      const text = node.text + character;
      const [forbidden, ...wanted] = states;
      if (!forbidden?.isAccepting && wanted.every((state) => state.isAccepting)) return { text, cost: cost() };
      if (cost() > LARGEST_SEARCH) return { text: undefined, cost: cost() };
      const key = keyOf(states);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.add({ states, text });
    }
  const [forbidden, ...wanted] = start.states;
  const takesEmpty = !forbidden?.isAccepting && wanted.every((state) => state.isAccepting);
  return { text: takesEmpty ? '' : null, cost: cost() };
}

/** `null` where no continuation can satisfy the demand. */
function stepAll(machines: readonly Machine[], states: readonly State[], character: string): State[] | null {
  const next: State[] = [];
  for (const [index, machine] of machines.entries()) {
    const state = states[index];
    if (state === undefined) return null;
    const stepped = machine.step(state, character);
    if (index === 0 ? stepped.acceptsForEver : stepped.positions.length === 0) return null;
    next.push(stepped);
  }
  return next;
}

const keyOf = (states: readonly State[]): string => states.map((state) => state.id).join('.');

/** Characters that stand for all that no pattern mentions, tried in this order. */
const OTHERS = [...'xyzwvutsrqponmlkjihgfedcba0123456789XYZABCDEFGHIJKLMNOPQRSTUVW_-/.@+=, '];

/** One character of each kind that the automata tell apart in these states, the unmentioned ones last. */
function charactersOf(states: readonly State[]): readonly string[] {
  const characters = new Set<string>();
  for (const state of states) for (const character of state.characters) characters.add(character);
  const other = OTHERS.find((one) => !characters.has(one.toLowerCase()) && !characters.has(one.toUpperCase()));
  return other === undefined ? [...characters] : [...characters, other];
}

/** Nodes by the number of characters that the wanted patterns still need at least. */
class DistanceQueue {
  private readonly buckets: Node[][] = [];
  private lowest = 0;

  add(node: Node): void {
    const distance = node.states.reduce((sum, state, index) => (index === 0 ? sum : sum + state.distance), 0);
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
