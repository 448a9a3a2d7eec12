import type { Candidate } from './compile.ts';
import { type CompiledCondition, evaluateCondition, type KeyValue, resolveMatchers, type Truth } from './condition.ts';
import type { Context } from './context.ts';
import { decide, type Outcome } from './decide.ts';
import { type Atom, type Demand, type Solution, solve } from './domain.ts';
import { reasonToLeaveOpen } from './openCondition.ts';

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
  /** Why some worlds could not be looked at; `null` where the leaves cover all of them. */
  readonly incomplete: string | null;
}

/** Units of work, each about one statement looked at in one world: enough for far more than 65,536 worlds. */
const LARGEST_EXPLORATION = 8_000_000;

/** Leaves, and values in them, kept beside the first leaf of each answer; they tell which statements and keys matter. */
const LEAVES_KEPT = 512;
const VALUES_KEPT = 50_000;

/** Units of work spent after both answers are known, on further leaves. */
const WORK_FOR_DEPENDENCE = 50_000;

const TOO_MANY_WORLDS = 'the keys that are not known can take more combinations of values than are examined';
const TOO_HARD = 'no value was found, nor proved impossible, for a combination of patterns';

/**
 * Splits all worlds that the unknown keys allow into leaves on which the answer is settled.
 *
 * Branches on one undecided condition at a time and asks of each branch whether its key has a value that meets all that
 * was assumed, so conditions that cannot differ are never told apart and impossible combinations never arise.
 */
export function explore(candidates: readonly Candidate[], context: Context): Exploration {
  return new Explorer(candidates, context).run();
}

/** A key, or a group of tied keys, whose value is not known. */
interface Variable {
  readonly name: string;
  /** Conditions with ForAllValues or ForAnyValue mention the key, and none without. */
  isSet: boolean | null;
  readonly demands: Demand[];
  readonly solutions: KeyValue[];
}

interface OpenAtom extends Atom {
  readonly variable: string;
  truth: Truth | 'undecided';
}

/** A statement's remaining conditions: those with an unknown key, and why it is open beyond them. */
interface Residue {
  readonly atoms: readonly OpenAtom[];
  readonly open: string | null;
  readonly isFalse: boolean;
}

class Explorer {
  private readonly atoms = new Map<string, OpenAtom>();
  private readonly variables = new Map<string, Variable>();
  private readonly residues: readonly Residue[];
  private readonly leaves: Leaf[] = [];
  private readonly outcomes = new Set<Outcome | null>();
  private incomplete: string | null = null;
  private work = 0;
  private workUntilBoth = Number.POSITIVE_INFINITY;

  private readonly candidates: readonly Candidate[];
  private readonly context: Context;

  constructor(candidates: readonly Candidate[], context: Context) {
    this.candidates = candidates;
    this.context = context;
    this.residues = candidates.map((candidate) => this.residueOf(candidate));
  }

  run(): Exploration {
    const impossible = [...this.variables.values()].some((variable) => !this.assume(variable, null));
    if (!impossible) this.branch();
    return { leaves: this.leaves, incomplete: this.incomplete };
  }

  private residueOf(candidate: Candidate): Residue {
    let { open } = candidate;
    const atoms: OpenAtom[] = [];
    for (const condition of candidate.conditions) {
      const truth = evaluateCondition(condition, this.context.lookup);
      if (truth === false) return { atoms: [], open: null, isFalse: true };
      if (truth === true) continue;
      const reason = reasonToLeaveOpen(condition, this.context.lookup);
      if (reason === null) atoms.push(this.atomOf(condition));
      else open ??= reason;
    }
    return { atoms, open, isFalse: false };
  }

  private atomOf(condition: CompiledCondition): OpenAtom {
    const { operator, values } = condition.source;
    const identity = JSON.stringify([operator, condition.key, values, condition.isTemplate]);
    const known = this.atoms.get(identity);
    if (known !== undefined) return known;
    const variable = this.context.representativeOf(condition.key);
    const matchers = resolveMatchers(condition, this.context.lookup);
    const atom: OpenAtom = { condition, matchers, variable, truth: 'undecided' };
    this.atoms.set(identity, atom);
    const { quantifier = 'none', family } = condition.operator ?? {};
    const entry = this.variables.get(variable) ?? { name: variable, isSet: null, demands: [], solutions: [] };
    if (family !== 'null') entry.isSet = quantifier !== 'none' && entry.isSet !== false;
    this.variables.set(variable, entry);
    return atom;
  }

  private branch(): void {
    if (this.isDone()) return;
    const { truths, atom } = this.survey();
    const outcome = decide(this.candidates, truths);
    const variable = atom === null || outcome !== null ? undefined : this.variables.get(atom.variable);
    if (atom === null || variable === undefined) {
      this.addLeaf(outcome, outcome === null ? this.reasonOf(truths) : null);
      return;
    }
    for (const truth of this.truthsToTry(atom, variable)) {
      if (this.isDone()) return;
      if (this.assume(variable, { atom, truth })) {
        atom.truth = truth;
        this.branch();
        atom.truth = 'undecided';
      }
      variable.demands.pop();
      variable.solutions.pop();
    }
  }

  /** What the key's present value gives comes first, so that the first leaf and its neighbours need little searching. */
  private truthsToTry(atom: OpenAtom, variable: Variable): readonly Truth[] {
    const truths: readonly Truth[] = atom.matchers.includes(null) ? [true, false, null] : [true, false];
    const present = this.evaluateAt(atom, variable.solutions.at(-1) ?? null);
    return [...truths].sort((a, b) => Number(b === present) - Number(a === present));
  }

  private evaluateAt({ condition }: Atom, value: KeyValue): Truth {
    return evaluateCondition(condition, (key) => (key === condition.key ? value : this.context.lookup(key)));
  }

  /** Once both answers are known, only the search for the keys that matter goes on, and not for long. */
  private isDone(): boolean {
    const hasBoth = this.outcomes.has('denied') && (this.outcomes.has('allowed') || this.outcomes.has('delegated'));
    if (hasBoth) {
      this.workUntilBoth = Math.min(this.workUntilBoth, this.work);
      const isLong = this.hasManyLeaves() || this.work - this.workUntilBoth > WORK_FOR_DEPENDENCE;
      if (isLong || this.variables.size < 2) return true;
    }
    if (this.work <= LARGEST_EXPLORATION) return false;
    this.incomplete ??= TOO_MANY_WORLDS;
    return true;
  }

  private hasManyLeaves(): boolean {
    const { length } = this.leaves;
    return length >= LEAVES_KEPT || length * this.variables.size >= VALUES_KEPT;
  }

  /** Whether a key has a value that meets a further demand; leaves the demand and the value on the variable's stacks. */
  private assume(variable: Variable, demand: Demand | null): boolean {
    if (demand !== null) variable.demands.push(demand);
    this.work += 1 + variable.demands.length;
    const solution = this.solveAgain(variable, demand);
    if (solution.found) {
      variable.solutions.push(solution.value);
      return true;
    }
    variable.solutions.push(null);
    if (!solution.proved) this.incomplete ??= TOO_HARD;
    return false;
  }

  private solveAgain(variable: Variable, demand: Demand | null): Solution {
    const { name, isSet, demands, solutions } = variable;
    const last = solutions.at(-1);
    if (demand !== null && last !== undefined && this.evaluateAt(demand.atom, last) === demand.truth)
      return { found: true, value: last };
    const meter = { cost: 0 };
    const solution = solve(this.context.stateOf(name), demands, isSet === true, this.context.lookup, meter);
    this.work += meter.cost;
    return solution;
  }

  /** What is settled of each statement, and an undecided condition of the statement that has the fewest left. */
  private survey(): { readonly truths: readonly Truth[]; readonly atom: OpenAtom | null } {
    const truths: Truth[] = [];
    let fewest = Number.POSITIVE_INFINITY;
    let next: OpenAtom | null = null;
    for (const { atoms, open, isFalse } of this.residues) {
      let truth: Truth = isFalse ? false : open === null ? true : null;
      let undecided = 0;
      let first: OpenAtom | null = null;
      for (const atom of atoms) {
        this.work += 1;
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
    this.work += truths.length;
    return { truths, atom: next };
  }

  private reasonOf(truths: readonly Truth[]): string {
    for (const [index, { open, atoms }] of this.residues.entries()) {
      if (truths[index] !== null) continue;
      const openValue = atoms.find((atom) => atom.truth === null)?.condition.openValue;
      if (open !== null || openValue) return open ?? openValue ?? '';
    }
    return 'the documentation leaves the semantics open';
  }

  private addLeaf(outcome: Outcome | null, reason: string | null): void {
    this.outcomes.add(outcome);
    if (this.hasManyLeaves() && this.leaves.some((leaf) => leaf.outcome === outcome)) return;
    const values = new Map<string, KeyValue>();
    for (const { name, solutions } of this.variables.values()) values.set(name, solutions.at(-1) ?? null);
    this.leaves.push({ outcome, reason, values });
  }
}
