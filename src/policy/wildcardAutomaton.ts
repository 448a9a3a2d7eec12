import type { Pattern, Token } from './pattern.ts';
import { accepts, DIGITS } from './patternMatch.ts';
import type { Work } from './work.ts';

/** One state of an automaton: a set of positions in its patterns, interned so that equal sets are the same object. */
export interface State {
  readonly id: number;
  /** Ascending, numbered through all patterns. */
  readonly positions: readonly number[];
  readonly isAccepting: boolean;
  /** Every continuation is accepted too. */
  readonly acceptsForEver: boolean;
  /** Characters that must still come before some pattern accepts; infinite when none can. */
  readonly distance: number;
  /** Characters that lead elsewhere than all others do. */
  readonly characters: ReadonlySet<string>;
  /** By character; `''` stands for those that no pattern mentions here. */
  readonly next: Map<string, State>;
}

/** The union of patterns as one deterministic automaton, built as far as it is used and kept for all questions. */
export class WildcardAutomaton {
  readonly start: State;
  private readonly tokens: (Token | undefined)[] = [];
  private readonly folds: boolean[] = [];
  private readonly distances: number[] = [];
  /** Where the pattern of each position begins. */
  private readonly beginnings: number[] = [];
  private readonly states = new Map<string, State>();
  private readonly hasFolding: boolean;

  constructor(patterns: readonly Pattern[]) {
    const starts: number[] = [];
    for (const { tokens, ignoresCase } of patterns) {
      const beginning = this.tokens.length;
      starts.push(beginning);
      let distance = tokens.filter((token) => token.kind !== 'star').length;
      // INVARIANT: `undefined` behind each pattern is its accepting position.
      for (const token of [...tokens, undefined]) {
        this.tokens.push(token);
        this.folds.push(ignoresCase);
        this.distances.push(distance);
        this.beginnings.push(beginning);
        if (token?.kind !== 'star') distance -= 1;
      }
    }
    this.hasFolding = this.folds.includes(true);
    this.start = this.intern(starts);
  }

  step(state: State, character: string, work: Work): State {
    const kind = state.characters.has(character) || this.isForeignSpelling(character) ? character : '';
    const known = state.next.get(kind);
    if (known !== undefined) return known;
    const folded = this.hasFolding ? character.toLowerCase() : character;
    const positions: number[] = [];
    for (const position of state.positions) {
      const token = this.tokens[position];
      if (token === undefined || !accepts(token, this.folds[position] ? folded : character)) continue;
      positions.push(token.kind === 'star' ? position : position + 1);
    }
    const next = this.intern(positions);
    work.left -= state.positions.length + next.positions.length;
    state.next.set(kind, next);
    return next;
  }

  /** Outside ASCII a character may be a spelling of one that a pattern mentions without being listed as one. */
  private readonly isForeignSpelling = (character: string): boolean => this.hasFolding && character > '\x7f';

  private intern(reached: readonly number[]): State {
    const positions = this.close(reached);
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
        if (this.isLastStar(position)) return [position, position + 1];
        position += 1;
        closed.add(position);
      }
    }
    return this.withoutCovered([...closed].sort((a, b) => b - a));
  }

  /** What can still follow an earlier position of a pattern can follow its later star too, so that star stands for both. */
  private withoutCovered(descending: readonly number[]): readonly number[] {
    const kept: number[] = [];
    let covered = -1;
    for (const position of descending) {
      const beginning = this.beginnings[position];
      if (beginning === covered) continue;
      kept.push(position);
      const token = this.tokens[position];
      if (token?.kind === 'star' && token.stops === '') covered = beginning ?? -1;
    }
    return kept.reverse();
  }

  private isLastStar(position: number): boolean {
    const token = this.tokens[position];
    return token?.kind === 'star' && token.stops === '' && this.tokens[position + 1] === undefined;
  }

  private charactersOf(positions: readonly number[]): ReadonlySet<string> {
    const characters = new Set<string>();
    for (const position of positions) {
      const token = this.tokens[position];
      if (token?.kind === 'character') {
        characters.add(token.character);
        // An upper case of two characters, or one that another letter shares, is no spelling of this character.
        const upper = token.character.toUpperCase();
        if (this.folds[position] && upper.toLowerCase() === token.character) characters.add(upper);
      } else {
        const told = token === undefined ? '' : token.kind === 'digit' ? DIGITS : token.stops;
        for (const character of told) characters.add(character);
      }
    }
    return characters;
  }
}
