import type { OpenQuestion } from './questions.ts';

/** Something that an account's records show, and the answers to a question that it rules out. */
export interface AnswerEvidence {
  readonly ruledOut: readonly string[];
  /** Of an event; `null`: it is none. */
  readonly eventId: string | null;
  /** ISO 8601. */
  readonly time: string | null;
  readonly words: string;
}

export interface SettledQuestion {
  readonly id: string;
  readonly question: string;
  readonly settled: boolean;
  /** `null`: it is open. */
  readonly answer: string | null;
  readonly says: string | null;
  readonly evidence: readonly AnswerEvidence[];
  /** Why it is open; `null`: it is settled. */
  readonly missing: string | null;
}

/** The answer that is left when evidence has ruled out every other one. */
export function settle(
  { id, question, answers }: OpenQuestion,
  evidence: readonly AnswerEvidence[],
  missing: string,
): SettledQuestion {
  const out = new Set(evidence.flatMap(({ ruledOut }) => ruledOut));
  const left = answers.filter(({ answer }) => !out.has(answer));
  const [only] = left;
  if (left.length === 1 && only !== undefined)
    return { id, question, settled: true, answer: only.answer, says: only.says, evidence, missing: null };
  const why = left.length === 0 ? 'what the records show rules out every answer: they contradict one another' : missing;
  return { id, question, settled: false, answer: null, says: null, evidence, missing: why };
}
