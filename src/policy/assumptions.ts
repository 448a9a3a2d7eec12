import type { Candidate } from './compile.ts';
import { type CompiledCondition, evaluateCondition, type KeyValue, type Truth } from './condition.ts';
import type { Context } from './context.ts';
import { reasonToLeaveOpen } from './openCondition.ts';
import { withoutUnknownVariables } from './settleVariables.ts';
import { type Atom, atomOf, type Demand, type Solution, solve } from './valueSolver.ts';
import { type Work, workFor } from './work.ts';

/** A condition on a key that is not known, and what is assumed of it. */
export interface OpenAtom extends Atom {
  readonly variable: OpenKey;
  truth: Truth | 'undecided';
  /** What it came to for the value that was looked at last. */
  seen: { readonly value: KeyValue; readonly truth: Truth } | null;
}

/** A statement's remaining conditions: those with an unknown key, and why it is open beyond them. */
export interface Residue {
  readonly atoms: readonly OpenAtom[];
  readonly open: string | null;
  readonly isFalse: boolean;
}

/** An assumption about an atom, and the value that its key has since. */
interface Assumed extends Demand {
  readonly atom: OpenAtom;
  value: KeyValue;
}

/** A key, or a group of tied keys, whose value is not known. */
export interface OpenKey {
  readonly name: string;
  /** Conditions with ForAllValues or ForAnyValue mention the key, and none without. */
  isSet: boolean | null;
  /** Its value while nothing is assumed; `undefined` until one was searched. */
  first: KeyValue | undefined;
  readonly demands: Assumed[];
  /** Values that were found before. */
  readonly pool: Set<KeyValue>;
  /** Demands that no value was found for together, and whether that is proved. */
  readonly failed: { readonly demands: readonly Assumed[]; readonly proved: boolean }[];
}

export const TOO_HARD = 'no value was found, nor proved impossible, for a combination of patterns';

/**
 * What a request leaves open of a policy: the conditions with unknown keys, each once, and assumptions about them, of
 * which every key always has a value that meets all.
 */
export class Assumptions {
  /** One for each candidate. */
  readonly residues: readonly Residue[];
  readonly variables = new Map<string, OpenKey>();
  /** Whether some value was neither found nor proved impossible. */
  isUnsure = false;
  private readonly atoms = new Map<string, OpenAtom>();
  private readonly context: Context;
  private readonly work: Work;
  /** A part of the work: what variables leave open must not keep the rest from being looked at. */
  private readonly forVariables: Work;
  /** Keys under ForAllValues or ForAnyValue. */
  private readonly severalValued: ReadonlySet<string>;

  constructor(candidates: readonly Candidate[], context: Context, work: Work) {
    this.context = context;
    this.work = work;
    this.forVariables = workFor(work.left / 4);
    this.severalValued = new Set(
      candidates
        .flatMap(({ conditions }) => conditions)
        .filter(({ operator }) => operator !== null && operator.quantifier !== 'none')
        .map(({ key }) => context.representativeOf(key)),
    );
    this.residues = candidates.map((candidate) => this.residueOf(candidate));
  }

  /** Gives every key a first value; `false` where one has none. */
  begin(): boolean {
    this.isUnsure = false;
    for (const variable of this.variables.values()) {
      if (variable.first !== undefined) continue;
      const solution = this.solve(variable);
      if (!solution.found) return false;
      variable.first = solution.value;
    }
    return true;
  }

  /**
   * Whether the atom's key has a value that meets a further assumption, the present one if it does. The assumption holds
   * until it is taken back, either way.
   */
  assume(atom: OpenAtom, truth: Truth): boolean {
    const demand = this.add(atom, truth);
    if (this.meets(demand, demand.value)) return true;
    const solution = this.solve(atom.variable);
    if (solution.found) demand.value = solution.value;
    return solution.found;
  }

  /**
   * Further assumptions at once, about different atoms. Values that were found before are tried before others.
   *
   * @returns the key that has no value for them, or `null` where all have
   */
  assumeAll(options: readonly { readonly atom: OpenAtom; readonly truth: Truth }[]): OpenKey | null {
    for (const { atom, truth } of options) this.add(atom, truth);
    for (const variable of new Set(options.map(({ atom }) => atom.variable))) {
      const { demands, pool } = variable;
      const latest = demands.at(-1);
      const meetsAll = (value: KeyValue): boolean => demands.every((demand) => this.meets(demand, value));
      if (latest === undefined || meetsAll(latest.value)) continue;
      const known = [...pool].find(meetsAll);
      const solution = known === undefined ? this.solve(variable) : { found: true as const, value: known };
      if (!solution.found) return variable;
      latest.value = solution.value;
    }
    return null;
  }

  /** Takes the latest assumption about the atom's key back. */
  retract({ variable }: OpenAtom): void {
    const demand = variable.demands.pop();
    if (demand !== undefined) demand.atom.truth = 'undecided';
  }

  /** What the atom comes to for the value that its key has now. */
  now(atom: OpenAtom): Truth {
    const value = presentValue(atom.variable);
    if (atom.seen?.value !== value) {
      this.work.left -= 1;
      atom.seen = { value, truth: this.evaluateAt(atom.condition, value) };
    }
    return atom.seen.truth;
  }

  /** The values that meet all assumptions, by key. */
  values(): ReadonlyMap<string, KeyValue> {
    return new Map([...this.variables.values()].map((variable) => [variable.name, presentValue(variable)]));
  }

  private residueOf(candidate: Candidate): Residue {
    let { open } = candidate;
    const atoms: OpenAtom[] = [];
    for (const condition of candidate.conditions) {
      const truth = evaluateCondition(condition, this.context.lookup);
      if (truth === false) return { atoms: [], open: null, isFalse: true };
      if (truth === true) continue;
      const reason = reasonToLeaveOpen(condition, this.context.lookup);
      const settled = reason === null ? condition : this.settled(condition);
      if (settled !== null) atoms.push(this.atomOf(settled));
      else open ??= reason;
    }
    return { atoms, open, isFalse: false };
  }

  /** The condition on keys alone, where its policy variables do not stand for keys that may have several values. */
  private settled(condition: CompiledCondition): CompiledCondition | null {
    const { left } = this.forVariables;
    const settled = withoutUnknownVariables(condition, this.context, this.forVariables);
    this.work.left -= left - this.forVariables.left;
    return settled === null || this.severalValued.has(this.context.representativeOf(settled.key)) ? null : settled;
  }

  private atomOf(condition: CompiledCondition): OpenAtom {
    const { operator, values } = condition.source;
    const identity = JSON.stringify([operator, condition.key, values, condition.isTemplate]);
    const known = this.atoms.get(identity);
    if (known !== undefined) return known;
    const variable = this.variableOf(condition);
    const atom: OpenAtom = { ...atomOf(condition, this.context.lookup), variable, truth: 'undecided', seen: null };
    this.atoms.set(identity, atom);
    return atom;
  }

  private variableOf({ key, operator }: CompiledCondition): OpenKey {
    const name = this.context.representativeOf(key);
    const { quantifier = 'none', family } = operator ?? {};
    const variable = this.variables.get(name) ?? {
      name,
      isSet: null,
      first: undefined,
      demands: [],
      pool: new Set<KeyValue>(),
      failed: [],
    };
    if (family !== 'null') variable.isSet = quantifier !== 'none' && variable.isSet !== false;
    this.variables.set(name, variable);
    return variable;
  }

  private add(atom: OpenAtom, truth: Truth): Assumed {
    const demand = { atom, truth, value: presentValue(atom.variable) };
    atom.truth = truth;
    atom.variable.demands.push(demand);
    return demand;
  }

  private solve({ name, isSet, demands, pool, failed }: OpenKey): Solution {
    this.work.left -= 1 + demands.length + failed.length;
    const failure = failed.find((one) => one.demands.every(({ atom, truth }) => atom.truth === truth));
    const solution: Solution =
      failure === undefined
        ? solve(this.context.stateOf(name), demands, isSet === true, this.context.lookup, this.work)
        : { found: false, proved: failure.proved };
    if (solution.found) pool.add(solution.value);
    else if (failure === undefined && (solution.proved || this.work.left >= 0))
      failed.push({ demands: [...demands], proved: solution.proved });
    if (!solution.found && !solution.proved) this.isUnsure = true;
    return solution;
  }

  private meets({ atom, truth }: Demand, value: KeyValue): boolean {
    this.work.left -= 1;
    return this.evaluateAt(atom.condition, value) === truth;
  }

  private evaluateAt(condition: CompiledCondition, value: KeyValue): Truth {
    return evaluateCondition(condition, (key) => (key === condition.key ? value : this.context.lookup(key)));
  }
}

const presentValue = ({ demands, first }: OpenKey): KeyValue =>
  (demands.length > 0 ? demands.at(-1)?.value : first) ?? null;
