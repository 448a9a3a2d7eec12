import { Assumptions, type OpenAtom, type Residue } from './assumptions.ts';
import { comparedLiterals } from './comparedValues.ts';
import { type Candidate, candidatesOf } from './compile.ts';
import { type CompiledCondition, compileCondition, type KeyValue } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import { TOO_MANY_WORLDS } from './enumerate.ts';
import { type Clause, Search } from './findWorld.ts';
import type { KeyPolicy } from './parse.ts';
import { type AccessRequest, present } from './request.ts';
import type { Statement } from './statement.ts';
import { unknownVariables } from './variableCases.ts';
import type { Work } from './work.ts';

/** Whether one policy gives, for a request, what another does not; `delegated` lies between denied and allowed. */
type Excess =
  /** Proved: in no world. */
  | { readonly is: 'none' }
  /** In this world: a value for every key that is not known. */
  | { readonly is: 'found'; readonly values: ReadonlyMap<string, KeyValue> }
  | { readonly is: 'open'; readonly reason: string };

/** What a policy gives for a request and another does not, over all worlds that the unknown keys allow. */
export function findExcess(policy: KeyPolicy, than: KeyPolicy, request: AccessRequest, work: Work): Excess {
  const [mine, theirs] = [partsOf(policy, request), partsOf(than, request)];
  work.left -= mine.length + theirs.length;
  if (mine.length === 0 || areAlike(mine, theirs)) return { is: 'none' };
  const context = indexContext(request);
  const certain = new ExcessSearch(mine, theirs, context, work, false);
  const found = certain.run();
  if (found !== null) return found;
  if (!certain.hasOpenParts) return certain.isProved ? { is: 'none' } : { is: 'open', reason: TOO_MANY_WORLDS };
  const example = findByExample(mine, theirs, request, context, work);
  if (example !== null) return example;
  let isPossible = false;
  for (const read of [(part: Part): Part => part, freeVariables(context)]) {
    const possible = new ExcessSearch(mine.map(read), theirs.map(read), context, work, true);
    const isFound = possible.run() !== null;
    if (!isFound && possible.isProved) return { is: 'none' };
    isPossible ||= isFound;
  }
  return { is: 'open', reason: (isPossible ? certain.openReason : null) ?? TOO_MANY_WORLDS };
}

/** A search in worlds in which the keys that policy variables stand for have certain values. */
function findByExample(
  mine: readonly Part[],
  theirs: readonly Part[],
  request: AccessRequest,
  context: Context,
  work: Work,
): Excess | null {
  const candidates = [...mine, ...theirs].map(({ candidate }) => candidate);
  const free = unknownVariables(candidates, context).filter((key) => context.stateOf(key).is === 'unknown');
  if (free.length === 0) return null;
  const values = free.map((key) => [key, comparedLiterals(candidates, context, key)[0] ?? EXAMPLE] as const);
  const known = Object.fromEntries(values.map(([key, value]) => [key, present(value)]));
  const others = Object.entries(request.context).filter(([key]) => !free.includes(key.toLowerCase()));
  const inExample = indexContext({ ...request, context: { ...Object.fromEntries(others), ...known } });
  const found = new ExcessSearch(mine, theirs, inExample, work, false).run();
  return found?.is === 'found' ? { is: 'found', values: new Map([...found.values, ...values]) } : null;
}

/** Of a form that the ids of organizations have, which is what policy variables mostly stand for. */
const EXAMPLE = 'o-exampleorgid';

/** The statement with each condition whose policy variables nobody knows as one that is free to hold, alike wherever it stands. */
const freeVariables =
  (context: Context) =>
  ({ candidate, identity }: Part): Part => {
    const conditions = candidate.conditions.map((condition) =>
      condition.variables.some((name) => context.lookup(name.toLowerCase()) === undefined)
        ? freeCondition(JSON.stringify([condition.source.operator, condition.key, condition.source.values]))
        : condition,
    );
    return { candidate: { ...candidate, conditions }, identity };
  };

/** A statement that a request meets, and what tells it from others that it may be compared with. */
interface Part {
  readonly candidate: Candidate;
  readonly identity: string;
}

function partsOf(policy: KeyPolicy, request: AccessRequest): readonly Part[] {
  return policy.compiled.flatMap((compiled) =>
    candidatesOf({ compiled: [compiled] }, request, []).map((candidate) => ({
      candidate,
      identity: identityOf(compiled.statement, candidate),
    })),
  );
}

/** The same for statements that mean the same for the request, whatever that is. */
function identityOf({ label: _, ...statement }: Statement, { grants, open, conditions }: Candidate): string {
  const isUnreadable = statement.undecidable !== null || statement.grammarErrors.length > 0;
  const compared = conditions.map(({ source, key, isTemplate }) => [
    source.operator,
    key,
    [...source.values].sort(),
    isTemplate,
  ]);
  const about = isUnreadable ? statement : open === null ? null : [statement.effect, statement.principal];
  return JSON.stringify([grants, open, about, compared.map((one) => JSON.stringify(one)).sort()]);
}

function areAlike(some: readonly Part[], others: readonly Part[]): boolean {
  const identities = (parts: readonly Part[]): string =>
    [...new Set(parts.map(({ identity }) => identity))].sort().join();
  return identities(some) === identities(others);
}

interface OpenPart extends Residue {
  readonly grants: Candidate['grants'];
  /** Whether only one side has it: what stands on both sides makes no difference by itself. */
  readonly isOfOneSide: boolean;
  /** Where the documentation leaves the statement open: a condition that stands for one of both readings. */
  readonly reading: OpenAtom | null;
}

/**
 * The search for a world in which one list of statements comes to more than another.
 *
 * What the documentation leaves open keeps the statement from counting either way; or, with `readsBothWays`, the
 * statement is read both ways, alike wherever it stands.
 */
class ExcessSearch {
  readonly openReason: string | null;
  readonly hasOpenParts: boolean;
  isProved = false;
  private readonly mine: readonly OpenPart[];
  private readonly theirs: readonly OpenPart[];
  private readonly assumptions: Assumptions;
  private readonly work: Work;
  private readonly readsBothWays: boolean;

  constructor(mine: readonly Part[], theirs: readonly Part[], context: Context, work: Work, readsBothWays: boolean) {
    const parts = [...mine, ...theirs];
    const identities = readsBothWays ? [...new Set(parts.map(({ identity }) => identity))] : [];
    const candidates = [...parts.map(({ candidate }) => candidate), ...identities.map((_, index) => readingOf(index))];
    this.assumptions = new Assumptions(candidates, context, work);
    this.work = work;
    this.readsBothWays = readsBothWays;
    const { residues } = this.assumptions;
    const [ofMine, ofTheirs] = [mine, theirs].map((some) => new Set(some.map(({ identity }) => identity)));
    const open = parts.map(({ candidate, identity }, index): OpenPart => {
      const residue = residues[index] ?? NEVER;
      const reading = residues[parts.length + identities.indexOf(identity)]?.atoms[0] ?? null;
      return {
        ...residue,
        grants: candidate.grants,
        isOfOneSide: !(ofMine?.has(identity) && ofTheirs?.has(identity)),
        reading: identities.includes(identity) ? reading : null,
      };
    });
    this.mine = open.slice(0, mine.length).filter(({ isFalse }) => !isFalse);
    this.theirs = open.slice(mine.length).filter(({ isFalse }) => !isFalse);
    const reasons = open.filter((part) => !part.isFalse && isOpen(part)).map(reasonOf);
    this.hasOpenParts = reasons.length > 0;
    this.openReason = reasons[0] ?? null;
  }

  run(): Excess | null {
    if (!this.assumptions.begin()) {
      this.isProved = !this.assumptions.isUnsure;
      return null;
    }
    const search = new Search(this.assumptions, this.work);
    const common = of(this.mine, 'deny').flatMap((part) => this.failing(part));
    for (const way of this.ways()) {
      if (this.work.left < 0) return null;
      let values: ReadonlyMap<string, KeyValue> = new Map();
      const isFound = search.meets([...way, ...common], () => {
        values = this.assumptions.values();
      });
      if (isFound) return { is: 'found', values };
    }
    this.isProved = !this.assumptions.isUnsure && this.work.left >= 0;
    return null;
  }

  /**
   * Something is allowed that the others do not allow, or delegated that they deny: by a statement that they do not have,
   * or for want of a Deny of theirs.
   */
  private *ways(): Generator<readonly Clause[]> {
    const denials = of(this.theirs, 'deny').filter(({ isOfOneSide }) => isOfOneSide);
    const noAllow = of(this.theirs, 'allow').flatMap((part) => this.failing(part));
    const nothing = [...noAllow, ...of(this.theirs, 'delegate').flatMap((part) => this.failing(part))];
    for (const grants of ['allow', 'delegate'] as const)
      for (const part of of(this.mine, grants)) {
        if (part.isOfOneSide) yield [...this.holding(part), ...(grants === 'allow' ? noAllow : nothing)];
        for (const denial of denials) yield [...this.holding(part), ...this.holding(denial)];
      }
  }

  private holding({ atoms, open, reading }: OpenPart): readonly Clause[] {
    const certainly = atoms.map((atom): Clause => [{ atom, truth: true }]);
    if (!this.readsBothWays || reading === null) return open === null ? certainly : [[]];
    const possibly = atoms.map((atom): Clause => [{ atom, truth: true }, ...leftOpen(atom)]);
    // Where all of them hold for certain as well: no other clause has the reading of a statement that may hold against it.
    return open !== null || atoms.some(canBeOpen) ? [[{ atom: reading, truth: true }], ...possibly] : possibly;
  }

  private failing({ atoms, open, reading }: OpenPart): readonly Clause[] {
    const certainly = atoms.map((atom) => ({ atom, truth: false as const }));
    if (!this.readsBothWays || reading === null) return [certainly];
    const isFailing: Clause = [...certainly, { atom: reading, truth: false }];
    return open === null ? [isFailing, [...certainly, ...atoms.flatMap(leftOpen)]] : [isFailing];
  }
}

const NEVER: Residue = { atoms: [], open: null, isFalse: true };

const of = (parts: readonly OpenPart[], grants: Candidate['grants']): readonly OpenPart[] =>
  parts.filter((part) => part.grants === grants);

const canBeOpen = ({ matchers }: OpenAtom): boolean => matchers.includes(null);
const leftOpen = (atom: OpenAtom): Clause => (canBeOpen(atom) ? [{ atom, truth: null }] : []);
const isOpen = ({ open, atoms }: Residue): boolean => open !== null || atoms.some(canBeOpen);
const reasonOf = ({ open, atoms }: Residue): string | null =>
  open ?? atoms.find(canBeOpen)?.condition.openValue ?? null;

/** Stands for one of both readings of what the documentation leaves open. */
const readingOf = (index: number): Candidate => ({
  label: '',
  grants: 'allow',
  open: null,
  conditions: [freeCondition(String(index))],
});

/** A condition that is free to hold or not: no condition key holds a blank. */
const freeCondition = (name: string): CompiledCondition =>
  compileCondition({ operator: 'Null', key: `reading ${name}`, values: ['false'] }, false);
