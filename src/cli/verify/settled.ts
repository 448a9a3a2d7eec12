import type { CheckOptions } from '../../trail/check.ts';
import { type Observation, observationsOf } from '../../trail/openQuestions/observations.ts';
import { OPEN_QUESTIONS, type OpenQuestion } from '../../trail/openQuestions/questions.ts';
import { ruledOut } from '../../trail/openQuestions/ruledOut.ts';
import { type AnswerEvidence, type SettledQuestion, settle } from '../../trail/openQuestions/settle.ts';
import type { Gathered } from './gather.ts';

/** Every open question with what the records of an account say of it. */
export function settledQuestions(gathered: Gathered, options: CheckOptions): readonly SettledQuestion[] {
  const observations = gathered.watched.flatMap(observationsOf);
  return OPEN_QUESTIONS.map((question) => {
    const evidence =
      question.settledBy === 'policy'
        ? byPolicies(question, observations, options)
        : shownOutright(question, gathered.shown);
    const missing = [missingFor(question, gathered, observations.length), ...gathered.unread];
    return settle(question, evidence, missing.join('; '));
  });
}

function byPolicies(
  question: OpenQuestion,
  observations: readonly Observation[],
  options: CheckOptions,
): readonly AnswerEvidence[] {
  const evidence = new Map<string, AnswerEvidence>();
  for (const observed of observations) {
    const { event, outcome, key } = observed;
    const out = evidence.has(event.id) ? [] : ruledOut(question, observed, options);
    if (out.length === 0) continue;
    const words = `CloudTrail's ${event.name} for ${key.arn} was ${outcome}`;
    evidence.set(event.id, { ruledOut: out, eventId: event.id, time: event.at.toISOString(), words });
  }
  return [...evidence.values()];
}

const shownOutright = ({ id, answers }: OpenQuestion, shown: Gathered['shown']): readonly AnswerEvidence[] =>
  shown
    .filter((one) => one.id === id)
    .map(({ answer, eventId, time, words }) => ({
      ruledOut: answers.flatMap((other) => (other.answer === answer ? [] : [other.answer])),
      eventId,
      time,
      words,
    }));

function missingFor({ settledBy, id }: OpenQuestion, { watched }: Gathered, requests: number): string {
  switch (settledBy) {
    case 'policy':
      if (watched.length === 0) return 'no trail here has a key of this account';
      if (requests === 0)
        return 'the events hold no request of CloudTrail for a trail here that is later than the last change of its key';
      return 'no request was seen for which the policy of its key comes to something else under one of the answers';
    case 'probe':
      return 'no CreateTrail or UpdateTrail of 90 days was seen with a request of CloudTrail that tells';
    case 'recorded':
      return id === 'replicas-recorded'
        ? 'no trail of another Region is shown here, or AWS Config has recorded no trail here'
        : 'no organization trail of another account is shown here, or AWS Config has recorded no trail here';
    default:
      return settledBy satisfies never;
  }
}
