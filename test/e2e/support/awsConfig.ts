import { type Answer, ok, type Wire } from './wire.ts';

/** One evaluation as PutEvaluations carries it on the wire. */
export interface WireEvaluation {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: string;
  readonly Annotation?: string;
  /** Epoch seconds. */
  readonly OrderingTimestamp: number;
}

export interface PutEvaluations {
  readonly Evaluations: readonly WireEvaluation[];
  readonly ResultToken: string;
  readonly TestMode?: boolean;
}

/** AWS Config as the rule meets it; moto takes PutEvaluations in test mode only and knows no history. */
export function answerAsConfig(wire: Wire, reported: readonly string[] = []): void {
  wire.on('config', 'PutEvaluations', () => ok({ FailedEvaluations: [] }));
  wire.on('config', 'GetComplianceDetailsByConfigRule', () =>
    ok({ EvaluationResults: reported.map(evaluationResult) }),
  );
  wire.on('config', 'GetResourceConfigHistory', () => ok({ configurationItems: [] }));
}

/** Everything that was reported, over all calls. */
export const reportedOn = (wire: Wire): readonly WireEvaluation[] =>
  putEvaluations(wire).flatMap((call) => call.Evaluations);

export const putEvaluations = (wire: Wire): readonly PutEvaluations[] =>
  wire.calls('config', 'PutEvaluations').map((call) => call.body as unknown as PutEvaluations);

/** The answers one after the other; the last one for ever. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (request) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (!answer) throw new Error('inTurn needs an answer');
    return answer(request);
  };
}

/** What GetComplianceDetailsByConfigRule says of one resource. */
export const evaluationResult = (resourceId: string) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: {
      ConfigRuleName: 'cloudtrail-kms-rule',
      ResourceType: 'AWS::CloudTrail::Trail',
      ResourceId: resourceId,
    },
    OrderingTimestamp: 1763600000,
  },
  ComplianceType: 'COMPLIANT',
});
