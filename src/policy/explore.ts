import { Assumptions } from './assumptions.ts';
import type { Candidate } from './compile.ts';
import type { Context } from './context.ts';
import type { Outcome } from './decide.ts';
import { type Exploration, enumerate, haveBothSides, type Leaf, TOO_MANY_WORLDS } from './enumerate.ts';
import { canApply, findWorld } from './findWorld.ts';
import type { Effort, Work } from './work.ts';

/** Steps of the enumeration that settles ordinary policies, and of one that also tells which keys matter. */
const FIRST_LOOK = 4_000;
const LONG_FIRST_LOOK = 60_000;

/**
 * The worlds of a request. Where there are more than a first look tells apart, worlds are looked for that the answer still
 * lacks; the proof that there are none settles it.
 */
export function explore(
  candidates: readonly Candidate[],
  context: Context,
  effort: Effort,
  firstLook = effort.namesKeys ? LONG_FIRST_LOOK : FIRST_LOOK,
): Exploration {
  const { work } = effort;
  const assumptions = new Assumptions(candidates, context, work);
  const kept = Math.max(0, work.left - firstLook);
  work.left -= kept;
  const first = enumerate(candidates, assumptions, effort);
  work.left += kept;
  if (first.incomplete === null || haveBothSides(outcomesOf(first.leaves))) return first;
  const sides = new Sides(candidates, assumptions, first.leaves, work);
  const { leaves } = sides;
  const settled = sides.settled();
  if (settled !== null)
    return {
      leaves,
      incomplete: null,
      deciding: effort.namesKeys || settled !== 'denied' ? sides.deciding(settled) : [],
    };
  if (haveBothSides(outcomesOf(leaves))) return { leaves, incomplete: first.incomplete };
  const rest = enumerate(candidates, assumptions, effort);
  const isSpent = rest.incomplete !== null && work.left < 0;
  return {
    leaves: [...leaves, ...rest.leaves],
    incomplete: isSpent ? `${TOO_MANY_WORLDS}${inStatements(candidates, assumptions)}` : rest.incomplete,
  };
}

const STATEMENTS_NAMED = 4;

/** The statements that keys which are not known leave undecided. */
function inStatements(candidates: readonly Candidate[], { residues }: Assumptions): string {
  const open = candidates
    .filter((_, index) => (residues[index]?.atoms.length ?? 0) > 0)
    .map(({ label }) => `\`${label}\``);
  const more = open.length - STATEMENTS_NAMED;
  const named = open.slice(0, STATEMENTS_NAMED).join(', ');
  return ` (${open.length === 1 ? 'statement' : 'statements'} ${named}${more > 0 ? ` and ${more} more` : ''})`;
}

const outcomesOf = (leaves: readonly Leaf[]): readonly Leaf['outcome'][] => leaves.map(({ outcome }) => outcome);

const GRANTS = { allowed: 'allow', denied: 'deny', delegated: 'delegate' } as const satisfies Record<Outcome, string>;

/** The answers that some world gives, as far as they are known. */
class Sides {
  readonly leaves: Leaf[];
  private readonly candidates: readonly Candidate[];
  private readonly assumptions: Assumptions;
  private readonly work: Work;

  constructor(candidates: readonly Candidate[], assumptions: Assumptions, leaves: readonly Leaf[], work: Work) {
    this.candidates = candidates;
    this.assumptions = assumptions;
    this.leaves = [...leaves];
    this.work = work;
  }

  /** The one answer of all worlds, proved; `null` where they differ or nobody knows. */
  settled(): Outcome | null {
    const isNever = { allowed: this.isNever('allowed'), denied: this.isNever('denied') };
    if (isNever.allowed && this.isNever('notDenied')) return 'denied';
    if (!isNever.denied || this.mayBeOpen()) return null;
    if (this.isNever('delegated')) return 'allowed';
    return isNever.allowed ? 'delegated' : null;
  }

  /** The statements that bring the answer about in some world. */
  deciding(outcome: Outcome): readonly string[] {
    const { residues } = this.assumptions;
    const applies = ({ grants }: Candidate, index: number): boolean => {
      const residue = residues[index];
      return grants === GRANTS[outcome] && residue !== undefined && canApply(this.assumptions, residue, this.work);
    };
    return this.candidates.filter(applies).map(({ label }) => label);
  }

  /** Whether no world has the answer; one that has is kept. */
  private isNever(outcome: Outcome | 'notDenied'): boolean {
    const isThere = this.leaves.some((leaf) =>
      outcome === 'notDenied' ? leaf.outcome !== 'denied' : leaf.outcome === outcome,
    );
    const leaf = isThere ? undefined : findWorld(this.candidates, this.assumptions, outcome, this.work);
    if (leaf) this.leaves.push(leaf);
    return leaf === null;
  }

  private mayBeOpen(): boolean {
    return this.assumptions.residues.some(
      ({ open, isFalse, atoms }) =>
        !isFalse && (open !== null || atoms.some(({ matchers }) => matchers.includes(null))),
    );
  }
}
