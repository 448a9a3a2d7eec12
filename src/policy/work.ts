/**
 * What may still be spent on questions, in steps that are the same on every machine: positions of patterns, conditions
 * and statements looked at. Once it is spent, the search that is under way ends without an answer.
 */
export interface Work {
  left: number;
}

/** Enough for far more than 65,536 worlds. */
export const LARGEST_EXPLORATION = 8_000_000;

export const workFor = (steps: number): Work => ({ left: steps });

/** How far one decision goes. */
export interface Effort {
  readonly work: Work;
  /** Whether an unknown answer names all keys that it depends on, which takes a search of its own. */
  readonly namesKeys: boolean;
}
