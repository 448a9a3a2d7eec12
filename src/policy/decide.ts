import type { Candidate } from './compile.ts';
import { type CompiledCondition, evaluateCondition, type Lookup, type Truth } from './condition.ts';

/** What a policy comes to when the truth of each of its statements is settled. */
export type Outcome = 'allowed' | 'denied' | 'delegated';

/** Combines statements: an explicit deny wins, then a direct allow, then a delegation; `null` while undecided. */
export function decide(candidates: readonly Candidate[], truths: readonly Truth[]): Outcome | null {
  let deny: Truth = false;
  let allow: Truth = false;
  let delegate: Truth = false;
  for (const [index, { grants }] of candidates.entries()) {
    const truth = truths[index] ?? null;
    if (truth === false) continue;
    if (grants === 'deny') deny = deny === true ? true : truth;
    else if (grants === 'allow') allow = allow === true ? true : truth;
    else delegate = delegate === true ? true : truth;
  }
  if (deny === true || (allow === false && delegate === false)) return 'denied';
  if (deny === null || allow === null) return null;
  if (allow) return 'allowed';
  return delegate ? 'delegated' : null;
}

/** Whether each statement applies when the keys have these values. */
export function truthsOf(candidates: readonly Candidate[], lookup: Lookup): readonly Truth[] {
  return candidates.map(({ open, conditions }) => {
    const truth = everyCondition(conditions, lookup);
    return open !== null && truth === true ? null : truth;
  });
}

function everyCondition(conditions: readonly CompiledCondition[], lookup: Lookup): Truth {
  let all: Truth = true;
  for (const condition of conditions) {
    const truth = evaluateCondition(condition, lookup);
    if (truth === false) return false;
    if (truth === null) all = null;
  }
  return all;
}

/** The statements that bring an outcome about; none for a request that no statement allows. */
export function deciders(candidates: readonly Candidate[], truths: readonly Truth[], outcome: Outcome): string[] {
  const decisive = outcome === 'denied' ? 'deny' : outcome === 'allowed' ? 'allow' : 'delegate';
  return candidates
    .filter(({ grants }, index) => grants === decisive && truths[index] === true)
    .map(({ label }) => label);
}
