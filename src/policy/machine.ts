import { accepts, type Pattern, type Token } from './pattern.ts';

/** One state of a `Machine`: a set of positions in its patterns, interned so that equal sets are the same object. */
export interface State {
  readonly id: number;
  /** Ascending, numbered through all patterns. */
  readonly positions: readonly number[];
  readonly isAccepting: boolean;
  /** Every continuation is accepted too. */
  readonly acceptsForEver: boolean;
  /** Characters that must still come before some pattern accepts; infinite when none can. */
  readonly distance: number;
  /** Characters that lead elsewhere than others do. */
  readonly characters: readonly string[];
  readonly next: Map<string, State>;
}

/** The union of patterns as one deterministic automaton that is built as far as it is used. */
export class Machine {
  readonly start: State;
  /** Positions looked at so far: what the automaton has cost. */
  cost = 0;
  private readonly tokens: (Token | undefined)[] = [];
  private readonly folds: boolean[] = [];
  private readonly distances: number[] = [];
  private readonly states = new Map<string, State>();
  private readonly hasFolding: boolean;

  constructor(patterns: readonly Pattern[]) {
    const starts: number[] = [];
    for (const { tokens, ignoresCase } of patterns) {
      starts.push(this.tokens.length);
      let distance = tokens.filter((token) => token.kind !== 'star').length;
      // INVARIANT: `undefined` behind each pattern is its accepting position.
      for (const token of [...tokens, undefined]) {
        this.tokens.push(token);
        this.folds.push(ignoresCase);
        this.distances.push(distance);
        if (token?.kind !== 'star') distance -= 1;
      }
    }
    this.hasFolding = this.folds.includes(true);
    this.start = this.intern(starts);
  }

  step(state: State, character: string): State {
    const known = state.next.get(character);
    if (known !== undefined) return known;
    const folded = this.hasFolding ? character.toLowerCase() : character;
    const positions: number[] = [];
    this.cost += state.positions.length;
    for (const position of state.positions) {
      const token = this.tokens[position];
      if (token === undefined || !accepts(token, this.folds[position] ? folded : character)) continue;
      positions.push(token.kind === 'star' ? position : position + 1);
    }
    const next = this.intern(positions);
    state.next.set(character, next);
    return next;
  }

  private intern(reached: readonly number[]): State {
    const positions = this.close(reached);
    this.cost += positions.length;
    const key = positions.join(',');
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const state: State = {
      id: this.states.size,
      positions,
      isAccepting: positions.some((position) => this.tokens[position] === undefined),
      acceptsForEver: positions.some((position) => this.isLastStar(position)),
      distance: Math.min(...positions.map((position) => this.distances[position] ?? Number.POSITIVE_INFINITY)),
      characters: this.charactersOf(positions),
      next: new Map(),
    };
    this.states.set(key, state);
    return state;
  }

  /** A star matches nothing too, so the position behind it is reached at once. */
  private close(reached: readonly number[]): readonly number[] {
    const closed = new Set<number>();
    for (const start of reached) {
      let position = start;
      closed.add(position);
      while (this.tokens[position]?.kind === 'star') {
        position += 1;
        closed.add(position);
      }
    }
    return [...closed].sort((a, b) => a - b);
  }

  private isLastStar(position: number): boolean {
    const token = this.tokens[position];
    return token?.kind === 'star' && token.stops === '' && this.tokens[position + 1] === undefined;
  }

  private charactersOf(positions: readonly number[]): readonly string[] {
    const characters = new Set<string>();
    for (const position of positions) {
      const token = this.tokens[position];
      if (token?.kind === 'character') {
        characters.add(token.character);
        // An upper case of two characters, or one that another letter shares, is no spelling of this character.
        const upper = token.character.toUpperCase();
        if (this.folds[position] && upper.toLowerCase() === token.character) characters.add(upper);
      } else for (const stop of token?.stops ?? '') characters.add(stop);
    }
    return [...characters];
  }
}
