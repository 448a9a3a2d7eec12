import type { KeyFacts, TrailFacts } from './facts.ts';
import type { Remedy } from './remedy/remedy.ts';

export type Severity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
export type FindingStatus = 'pass' | 'fail' | 'unknown' | 'not-applicable';

/** Every check's permanent id. */
export type CheckId =
  | 'trail-encrypted'
  | 'key-exists'
  | 'key-usable'
  | 'key-customer-managed'
  | 'key-symmetric'
  | 'key-in-bucket-region'
  | 'key-approved'
  | 'cloudtrail-can-encrypt'
  | 'cloudtrail-can-decrypt'
  | 'cloudtrail-can-describe'
  | 'other-trails-excluded'
  | 'public-excluded'
  | 'named-accounts-trusted'
  | 'readers-bounded'
  | 'grants-bounded'
  | 'service-least-privilege'
  | 'readers-can-decrypt'
  | 'key-administrable'
  | 'key-rotates'
  | 'log-delivery-healthy'
  | 'policy-well-formed';

/** What one check says of one trail. */
export interface Finding {
  readonly check: CheckId;
  readonly status: FindingStatus;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it; empty unless the status is `fail` or `unknown`. */
  readonly remedy: Remedy;
  readonly evidence: Evidence;
}

export interface Evidence {
  /** Sids (or `#index`) of the statements that decided. */
  readonly statements: readonly string[];
  /** Condition keys that the answer depends on. */
  readonly dependsOn: readonly string[];
  /** ISO 8601: when the facts behind the finding were recorded, where they were not read live. */
  readonly capturedAt?: string;
}

/** What the operator decides and no fact of AWS tells. `rule/` fills it from the rule parameters. */
export interface CheckOptions {
  /** Key ARN patterns (`*` allowed); `null` when every key is approved. */
  readonly allowedKmsKeys: readonly string[] | null;
  readonly trustedAccounts: readonly string[];
  /** `null`: not set, so the trail account's own organization where it is known. */
  readonly trustedOrganizations: readonly string[] | null;
  readonly requireKeyRotation: boolean;
  /** 0 turns delivery evidence off. */
  readonly deliveryEvidenceHours: number;
}

/** One check: a document and a pure function. */
export interface Check {
  readonly id: CheckId;
  /** The rule as a fact, one sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters: what goes wrong when the check fails. */
  readonly rationale: string;
  /** What a person does when the check fails. */
  readonly remediation: string;
  /** Facts under which the check passes and fails, one line each. */
  readonly examples: { readonly pass: string; readonly fail: string };
  /** Titles of the documentation pages that the check rests on. */
  readonly sources: readonly string[];
  readonly evaluate: (trail: TrailFacts, key: KeyFacts | null, options: CheckOptions) => Finding;
}
