import type { Assumptions, OpenAtom } from './assumptions.ts';
import { TOO_HARD } from './assumptions.ts';
import type { Candidate } from './compile.ts';
import type { KeyValue, Truth } from './condition.ts';
import { decide, type Outcome } from './decide.ts';
import type { Effort, Work } from './work.ts';

/** A set of worlds in which the answer is the same, with one of them. */
export interface Leaf {
  /** `null`: left open by the documentation. */
  readonly outcome: Outcome | null;
  /** Why the answer is open, where it is. */
  readonly reason: string | null;
  /** A value for every key that is not known and that a condition mentions, by representative. */
  readonly values: ReadonlyMap<string, KeyValue>;
}

export interface Exploration {
  readonly leaves: readonly Leaf[];
  /** Why some worlds could not be looked at; `null` where the leaves cover all of them, or show both answers. */
  readonly incomplete: string | null;
  /** The statements that decide, where the leaves do not show them all. */
  readonly deciding?: readonly string[];
}

/** Leaves, and values in them, kept beside the first leaf of each answer; they tell which statements and keys matter. */
const LEAVES_KEPT = 512;
const VALUES_KEPT = 50_000;

/** Work spent after both answers are known, on leaves that tell which keys matter and whether some world is delegated. */
const WORK_FOR_MORE = 50_000;

export const TOO_MANY_WORLDS = 'the keys that are not known can take more combinations of values than are examined';

/**
 * Splits all worlds that the unknown keys allow into leaves on which the answer is settled.
 *
 * Branches on one undecided condition at a time and asks of each branch whether its key has a value that meets all that
 * was assumed, so conditions that cannot differ are never told apart and impossible combinations never arise.
 */
export function enumerate(candidates: readonly Candidate[], assumptions: Assumptions, effort: Effort): Exploration {
  return new Enumeration(candidates, assumptions, effort).run();
}

/** Whether worlds with both answers are known, so that no proof is left to look for. */
export const haveBothSides = (outcomes: Iterable<Leaf['outcome']>): boolean => {
  const known = new Set(outcomes);
  return known.has('denied') && (known.has('allowed') || known.has('delegated'));
};

class Enumeration {
  private readonly leaves: Leaf[] = [];
  private readonly outcomes = new Set<Outcome | null>();
  private incomplete: string | null = null;
  private leftWithBoth = Number.NEGATIVE_INFINITY;

  private readonly candidates: readonly Candidate[];
  private readonly assumptions: Assumptions;
  private readonly work: Work;
  private readonly workForMore: number;

  constructor(candidates: readonly Candidate[], assumptions: Assumptions, effort: Effort) {
    this.candidates = candidates;
    this.assumptions = assumptions;
    this.work = effort.work;
    this.workForMore = effort.namesKeys || candidates.some(({ grants }) => grants === 'delegate') ? WORK_FOR_MORE : 0;
  }

  run(): Exploration {
    if (this.assumptions.begin()) this.branch();
    if (this.assumptions.isUnsure) this.incomplete ??= TOO_HARD;
    return { leaves: this.leaves, incomplete: this.incomplete };
  }

  private branch(): void {
    if (this.isDone()) return;
    const { truths, atom } = this.survey();
    const outcome = decide(this.candidates, truths);
    if (atom === null || outcome !== null) {
      this.addLeaf(outcome, outcome === null ? openReason(this.assumptions, truths) : null);
      return;
    }
    for (const truth of this.truthsToTry(atom)) {
      if (this.isDone()) return;
      if (this.assumptions.assume(atom, truth)) this.branch();
      this.assumptions.retract(atom);
    }
  }

  /** What the key's present value gives comes first, so that the first leaf and its neighbours need little searching. */
  private truthsToTry(atom: OpenAtom): readonly Truth[] {
    const truths: readonly Truth[] = atom.matchers.includes(null) ? [true, false, null] : [true, false];
    const present = this.assumptions.now(atom);
    return [...truths].sort((a, b) => Number(b === present) - Number(a === present));
  }

  /** Once both answers are known, only the search for the keys that matter goes on, and not for long. */
  private isDone(): boolean {
    const { left } = this.work;
    if (haveBothSides(this.outcomes)) {
      this.leftWithBoth = Math.max(this.leftWithBoth, left);
      const isLong = this.hasManyLeaves() || this.leftWithBoth - left > this.workForMore;
      if (isLong || this.assumptions.variables.size < 2) return true;
    }
    if (left >= 0) return false;
    this.incomplete ??= TOO_MANY_WORLDS;
    return true;
  }

  private hasManyLeaves(): boolean {
    const { length } = this.leaves;
    return length >= LEAVES_KEPT || length * this.assumptions.variables.size >= VALUES_KEPT;
  }

  /** What is settled of each statement, and an undecided condition of the statement that has the fewest left. */
  private survey(): { readonly truths: readonly Truth[]; readonly atom: OpenAtom | null } {
    const truths: Truth[] = [];
    let fewest = Number.POSITIVE_INFINITY;
    let next: OpenAtom | null = null;
    for (const { atoms, open, isFalse } of this.assumptions.residues) {
      let truth: Truth = isFalse ? false : open === null ? true : null;
      let undecided = 0;
      let first: OpenAtom | null = null;
      for (const atom of atoms) {
        this.work.left -= 1;
        if (atom.truth === true) continue;
        truth = atom.truth === false ? false : null;
        if (truth === false) break;
        if (atom.truth !== 'undecided') continue;
        undecided += 1;
        first ??= atom;
      }
      truths.push(truth);
      if (truth !== null || first === null || undecided >= fewest) continue;
      fewest = undecided;
      next = first;
    }
    this.work.left -= truths.length;
    return { truths, atom: next };
  }

  private addLeaf(outcome: Outcome | null, reason: string | null): void {
    this.outcomes.add(outcome);
    if (this.hasManyLeaves() && this.leaves.some((leaf) => leaf.outcome === outcome)) return;
    this.leaves.push({ outcome, reason, values: this.assumptions.values() });
  }
}

/** Why the statements whose truth is `null` are open. */
export function openReason({ residues }: Assumptions, truths: readonly Truth[]): string {
  for (const [index, { open, atoms }] of residues.entries()) {
    if (truths[index] !== null) continue;
    const openValue = atoms.find((atom) => atom.truth === null)?.condition.openValue;
    if (open !== null || openValue) return open ?? openValue ?? '';
  }
  return 'the documentation leaves the semantics open';
}
