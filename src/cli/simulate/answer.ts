import { authorize } from '../../policy/authorize.ts';
import { readQuery } from './query.ts';

/** Answers one line of `simulate` with one line, without its line break. Never throws. */
export function answerLine(line: string): string {
  return JSON.stringify(answer(line));
}

function answer(line: string): Readonly<Record<string, unknown>> {
  const read = readQuery(line);
  const { id } = read;
  if ('error' in read) return { id, decision: 'invalid', error: read.error };
  const { policy, request } = read.query;
  if (!policy.valid) return { id, decision: 'invalid', error: policy.error };
  const { outcome, statements, dependsOn, witnesses, reason } = authorize(policy.policy, request);
  // One side alone is no witness of a difference.
  const pair = witnesses !== null && witnesses.allowed !== null && witnesses.denied !== null ? witnesses : null;
  const decision = { id, decision: outcome, statements, dependsOn, witnesses: pair };
  return pair === null && reason !== null ? { ...decision, reason } : decision;
}
