import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { Finding } from '../trail/finding.ts';

export type ComplianceType = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** PutEvaluations takes this many evaluations in one call (AWS Config API Reference, PutEvaluations). */
export const EVALUATIONS_PER_CALL = 100;
/** Longest annotation that PutEvaluations takes, in characters. */
export const ANNOTATION_LENGTH = 256;

/** One evaluation in PutEvaluations' own shape. `Annotation` is left out when empty. */
export interface Evaluation {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: ComplianceType;
  readonly Annotation?: string;
  readonly OrderingTimestamp: Date;
}

/** The verdict on one trail with everything that led to it. */
export interface TrailVerdict {
  readonly trail: TrailFacts;
  /** `null` when the trail names no key. */
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
  readonly complianceType: ComplianceType;
  /** At most `ANNOTATION_LENGTH` characters; may be empty. */
  readonly annotation: string;
}
