import type { Assumptions, OpenAtom, OpenKey, Residue } from './assumptions.ts';
import type { Candidate } from './compile.ts';
import { every, type Truth } from './condition.ts';
import { decide } from './decide.ts';
import { type Leaf, openReason } from './enumerate.ts';
import type { Work } from './work.ts';

/** What the world that is looked for must come to; `notDenied`: allowed, delegated or open. */
export type Goal = 'allowed' | 'delegated' | 'denied' | 'notDenied';

/**
 * Looks for one world of a kind: values of the keys that make one statement apply and keep those from applying that
 * stand against it.
 *
 * @returns `null` is the proof that there is none; `undefined` when the work ran out, or some value was neither found nor
 * proved impossible
 */
export function findWorld(
  candidates: readonly Candidate[],
  assumptions: Assumptions,
  goal: Goal,
  work: Work,
): Leaf | null | undefined {
  if (!assumptions.begin()) return assumptions.isUnsure ? undefined : null;
  const search = new Search(assumptions, work);
  const statements = candidates.map((candidate, index) => ({ candidate, ...(assumptions.residues[index] ?? NEVER) }));
  const { common, ways } = casesOf(statements, goal);
  // What stands against every way alike is looked at once.
  const isBarred = !search.meets(common) && !assumptions.isUnsure;
  let found: Leaf | null = null;
  for (const way of isBarred ? [] : ways) {
    if (work.left < 0) break;
    const isFound = search.meets([...way, ...common], () => {
      found = leafOf(candidates, assumptions);
      work.left -= candidates.length;
    });
    if (isFound) return found;
  }
  return assumptions.isUnsure || work.left < 0 ? undefined : null;
}

/** Whether some world makes a statement apply, whatever the others say; `false` too where none was found in time. */
export function canApply(assumptions: Assumptions, residue: Residue, work: Work): boolean {
  const isPossible = !residue.isFalse && residue.open === null && assumptions.begin();
  return isPossible && new Search(assumptions, work).meets(holding(residue));
}

/** What the present values of the keys come to. */
function leafOf(candidates: readonly Candidate[], assumptions: Assumptions): Leaf {
  const truths = assumptions.residues.map(({ atoms, open, isFalse }): Truth => {
    const truth = isFalse ? false : every(atoms.map((atom) => assumptions.now(atom)));
    return open !== null && truth === true ? null : truth;
  });
  const outcome = decide(candidates, truths);
  const reason = outcome === null ? openReason(assumptions, truths) : null;
  return { outcome, reason, values: assumptions.values() };
}

const NEVER: Residue = { atoms: [], open: null, isFalse: true };

/** One way to meet a clause. */
export interface Option {
  readonly atom: OpenAtom;
  readonly truth: Truth;
}

/** Of which one must hold. */
export type Clause = readonly Option[];

type OpenStatement = Residue & { readonly candidate: Candidate };

const holding = ({ atoms }: Residue): readonly Clause[] => atoms.map((atom) => [{ atom, truth: true }]);

/** Holding, or left open by the documentation. */
const possible = ({ atoms }: Residue): readonly Clause[] =>
  atoms.map((atom) => [{ atom, truth: true }, ...leftOpen(atom)]);

const failing = ({ atoms }: Residue): Clause => atoms.map((atom) => ({ atom, truth: false }));

const failingOrOpen = ({ atoms }: Residue): Clause =>
  atoms.flatMap((atom) => [{ atom, truth: false }, ...leftOpen(atom)]);

const leftOpen = (atom: OpenAtom): Clause => (atom.matchers.includes(null) ? [{ atom, truth: null }] : []);

/** The ways to reach a goal. */
interface Cases {
  /** Clauses that every way must meet. */
  readonly common: readonly Clause[];
  /** For each way the clauses that it must meet beside them. */
  readonly ways: readonly (readonly Clause[])[];
}

function casesOf(statements: readonly OpenStatement[], goal: Goal): Cases {
  const of = (...kinds: readonly Candidate['grants'][]): readonly OpenStatement[] =>
    statements.filter(({ candidate, isFalse }) => !isFalse && kinds.includes(candidate.grants));
  const certain = ({ open }: Residue): boolean => open === null;
  switch (goal) {
    case 'allowed':
      return { common: of('deny').map(failing), ways: of('allow').filter(certain).map(holding) };
    case 'delegated':
      return { common: of('deny', 'allow').map(failing), ways: of('delegate').filter(certain).map(holding) };
    case 'notDenied':
      return { common: of('deny').filter(certain).map(failingOrOpen), ways: of('allow', 'delegate').map(possible) };
    case 'denied':
      return { common: [], ways: [...of('deny').filter(certain).map(holding), of('allow', 'delegate').map(failing)] };
    default:
      return goal satisfies never;
  }
}

/** The atoms whose assumptions cannot all be met; `null`: everything is met. */
type Conflict = ReadonlySet<OpenAtom> | null;

/** Looks for values of the keys that meet clauses. */
export class Search {
  private readonly assumptions: Assumptions;
  private readonly work: Work;
  private clauses: readonly Clause[] = [];
  private whenMet: () => void = () => undefined;

  constructor(assumptions: Assumptions, work: Work) {
    this.assumptions = assumptions;
    this.work = work;
  }

  /** Whether all clauses can be met; `whenMet` is called while the keys have values that do. */
  meets(clauses: readonly Clause[], whenMet: () => void = () => undefined): boolean {
    this.clauses = clauses;
    this.whenMet = whenMet;
    return this.meetRest() === null;
  }

  /** Meets what is left of the clauses; from a conflict it goes back to what caused it. */
  private meetRest(): Conflict {
    const { forced, barred, next } = this.survey();
    if (barred !== null) return new Set(decidedIn(barred));
    if (forced.length > 0) return this.meetForced(forced);
    if (next !== null) return this.meetInSomeWay(next);
    this.whenMet();
    return null;
  }

  /** Clauses with one way left are met together, so that a key's value is searched once for all of them. */
  private meetForced(forced: readonly Forced[]): Conflict {
    const failed = this.assumptions.assumeAll(forced.map(({ option }) => option));
    const conflict = failed === null ? this.meetRest() : atomsOf(failed);
    for (const { option } of forced.toReversed()) this.assumptions.retract(option.atom);
    if (conflict === null) return null;
    const causes = new Set(conflict);
    for (const { option, clause } of forced)
      if (causes.delete(option.atom)) for (const atom of clause) if (atom.atom !== option.atom) causes.add(atom.atom);
    return causes;
  }

  private meetInSomeWay(clause: Clause): Conflict {
    const causes = new Set<OpenAtom>(decidedIn(clause));
    for (const option of clause) {
      if (option.atom.truth !== 'undecided') continue;
      if (this.work.left < 0) return causes;
      const failed = this.assumptions.assumeAll([option]);
      const conflict = failed === null ? this.meetRest() : atomsOf(failed);
      this.assumptions.retract(option.atom);
      if (conflict === null || !conflict.has(option.atom)) return conflict;
      for (const cause of conflict) if (cause !== option.atom) causes.add(cause);
    }
    return causes;
  }

  /** Clauses that cannot be met in more than one way, and of the others that present values leave unmet the narrowest. */
  private survey(): {
    readonly forced: readonly Forced[];
    readonly barred: Clause | null;
    readonly next: Clause | null;
  } {
    const forced = new Map<OpenAtom, Forced>();
    let fewest = Number.POSITIVE_INFINITY;
    let next: Clause | null = null;
    for (const clause of this.clauses) {
      this.work.left -= clause.length;
      if (clause.some(({ atom, truth }) => atom.truth === truth)) continue;
      const ways = clause.filter(({ atom }) => atom.truth === 'undecided');
      const [option] = ways;
      if (option === undefined) return { forced: [], barred: clause, next: null };
      if (ways.length === 1) {
        if (!forced.has(option.atom)) forced.set(option.atom, { option, clause });
      } else if (ways.length < fewest && !ways.some(({ atom, truth }) => this.assumptions.now(atom) === truth)) {
        fewest = ways.length;
        next = clause;
      }
    }
    return { forced: [...forced.values()], barred: null, next };
  }
}

interface Forced {
  readonly option: Option;
  readonly clause: Clause;
}

const decidedIn = (clause: Clause): readonly OpenAtom[] =>
  clause.flatMap(({ atom }) => (atom.truth === 'undecided' ? [] : [atom]));

const atomsOf = ({ demands }: OpenKey): ReadonlySet<OpenAtom> => new Set(demands.map(({ atom }) => atom as OpenAtom));
