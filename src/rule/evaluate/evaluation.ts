import type { KeyFacts, TrailFacts } from '../../trail/facts.ts';
import type { CheckId, Finding } from '../../trail/finding.ts';
import type { Exception } from '../exceptions/exception.ts';

export type ComplianceType = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/**
 * What a trail has come to, whatever AWS Config is told: `undecided` for want of proof (`whenUndecided` has no say), and
 * `excepted` where exceptions cover everything that would decide. A definite failure outranks what is undecided.
 */
export type Standing = 'compliant' | 'non-compliant' | 'undecided' | 'excepted' | 'not-applicable';

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
  readonly standing: Standing;
  readonly complianceType: ComplianceType;
  /** At most `ANNOTATION_LENGTH` characters; may be empty. */
  readonly annotation: string;
  /** The exception that decided the verdict, where one did. */
  readonly exception?: Exception;
  /** The checks that made the trail NON_COMPLIANT or left it undecided, gravest first; excepted ones are not among them. */
  readonly decidedBy?: readonly CheckId[];
}

/** A resource that was not examined because nothing of it is to be evaluated here: gone, out of scope, or a replica. */
export interface UnexaminedResource {
  readonly trail: null;
  readonly key: null;
  readonly resourceId: string;
  /** `null` where the event does not tell. */
  readonly trailArn: string | null;
  readonly accountId: string;
  readonly region: string;
  /** Deleted, as AWS Config or CloudTrail says; otherwise it may be there and fail. */
  readonly isGone: boolean;
  /** Every check, each not-applicable. */
  readonly findings: readonly Finding[];
  readonly standing: 'not-applicable';
  readonly complianceType: 'NOT_APPLICABLE';
  readonly annotation: string;
}

/** One entry of a report; `trail` tells which of the two it is. */
export type Verdict = TrailVerdict | UnexaminedResource;

/** A trail that is there and has no verdict. */
export interface UnevaluatedTrail {
  /** `null` where not even that is known. */
  readonly trailArn: string | null;
  readonly accountId: string | null;
  readonly isOrganization: boolean;
  readonly reason: string;
}
