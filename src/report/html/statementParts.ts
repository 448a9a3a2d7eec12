import type { Mismatch, StatementExplanation } from '../../policy/decision.ts';
import { describeMismatch } from '../../policy/explain.ts';
import type { RequestExplanation } from '../../trail/explainTrail.ts';

/** What a statement does to CloudTrail, over all of its requests. */
export type Part = 'shuts-out' | 'lets-in' | 'may-shut-out' | 'may-let-in' | 'misses' | 'unconcerned';

export interface StatementPart {
  /** Sid, or `#index` from 0. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  readonly origin: 'key policy' | 'resource control policy';
  readonly part: Part;
  /** The requests that it does so to. */
  readonly purposes: readonly string[];
  /** Why it does not apply, or why nobody knows; of a Deny that applies, how its conditions hold. */
  readonly reasons: readonly string[];
}

interface Answer {
  readonly purpose: string;
  readonly part: Part;
  readonly mismatches: readonly Mismatch[];
  readonly matched: StatementExplanation['matched'];
}

/** Gravest first: what denies, what allows, what may, what nearly does, the rest. */
const ORDER: readonly Part[] = ['shuts-out', 'lets-in', 'may-shut-out', 'may-let-in', 'misses', 'unconcerned'];

/** What each statement of a key's policies does to CloudTrail. */
export function statementParts(requests: readonly RequestExplanation[]): readonly StatementPart[] {
  const answers = new Map<
    string,
    { readonly of: Omit<StatementPart, 'part' | 'purposes' | 'reasons'>; readonly all: Answer[] }
  >();
  for (const { purpose, statements, resourceControlStatements } of requests) {
    const add = (origin: StatementPart['origin']) => (explained: StatementExplanation) => {
      const { statement, effect, mismatches, matched } = explained;
      const of = { statement, effect, origin };
      const id = JSON.stringify(of);
      const known = answers.get(id) ?? { of, all: [] };
      answers.set(id, known);
      known.all.push({ purpose, part: partOf(explained), mismatches, matched });
    };
    statements.forEach(add('key policy'));
    resourceControlStatements.forEach(add('resource control policy'));
  }
  return [...answers.values()].map(({ of, all }) => ({ ...of, ...summary(all) })).sort((a, b) => rank(a) - rank(b));
}

const rank = ({ part }: { readonly part: Part }): number => ORDER.indexOf(part);

function partOf({ effect, applies, mismatches }: StatementExplanation): Part {
  const isDeny = effect === 'Deny';
  if (applies === 'yes') return isDeny ? 'shuts-out' : 'lets-in';
  if (applies === 'unknown') return isDeny ? 'may-shut-out' : 'may-let-in';
  // A name that is misspelt is a miss, another one is no concern of CloudTrail's.
  const isElsewhere = mismatches.some((one) => 'near' in one && one.result === 'no' && one.near === null);
  return isDeny || isElsewhere ? 'unconcerned' : 'misses';
}

function summary(answers: readonly Answer[]): Pick<StatementPart, 'part' | 'purposes' | 'reasons'> {
  const sorted = answers.toSorted((a, b) => rank(a) - rank(b) || a.mismatches.length - b.mismatches.length);
  const part = sorted[0]?.part ?? 'unconcerned';
  const same = sorted.filter((answer) => answer.part === part);
  const mismatches = same[0]?.mismatches ?? [];
  // Of a statement about something else the first difference tells enough.
  const told = part === 'unconcerned' ? mismatches.slice(0, 1) : mismatches;
  const reasons = [...told.map(describeMismatch), ...(same[0]?.matched ?? []).map(({ why }) => why)];
  return { part, purposes: [...new Set(same.map(({ purpose }) => purpose))], reasons };
}
