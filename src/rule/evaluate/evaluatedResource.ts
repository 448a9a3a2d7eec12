import type { ReportedResource } from '../ports.ts';
import type { Evaluation, UnevaluatedTrail, Verdict } from './evaluation.ts';

/** A verdict, and what AWS Config is told of it. */
export interface EvaluatedResource {
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  /** Its place among all of the invocation. */
  readonly index: number;
}

/** What AWS Config is told next, and the trails that were left without a verdict meanwhile. */
export interface EvaluatedBatch {
  readonly resources: readonly EvaluatedResource[];
  readonly unevaluated: readonly UnevaluatedTrail[];
}

export function evaluatedResource(
  { resourceType, resourceId }: ReportedResource,
  at: Date,
  verdict: Verdict,
  index: number,
): EvaluatedResource {
  const { complianceType, annotation } = verdict;
  return {
    verdict,
    index,
    evaluation: {
      ComplianceResourceType: resourceType,
      ComplianceResourceId: resourceId,
      ComplianceType: complianceType,
      ...(annotation === '' ? {} : { Annotation: annotation }),
      OrderingTimestamp: at,
    },
  };
}
