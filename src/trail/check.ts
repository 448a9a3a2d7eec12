import type { ChangeName, Since } from './changes.ts';
import type { ControlRow } from './controls.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { Remedy } from './remedy/remedy.ts';
import type { Severity } from './severity.ts';

export type FindingStatus = 'pass' | 'fail' | 'unknown' | 'not-applicable';

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
  /** ARNs of roles and users that must be able to read the logs. */
  readonly requiredReaders: readonly string[];
  /** 0 turns delivery evidence off. */
  readonly deliveryEvidenceHours: number;
  /** The oldest digest that still counts as delivery that goes on; 0 turns the age off. */
  readonly deliveryWindowHours: number;
}

/**
 * What fixes a failure, and whose doing that is.
 *
 * - `runbook`: an edit of the key policy that the planner proves and that the runbook may write once it is approved.
 * - `planner`: an edit of the key or its policy that the planner proves and a person applies.
 * - `chosen-key`: another key for the trail, which a person chooses: no edit of this one helps.
 * - `person`: nothing is offered.
 */
export type RepairedBy = 'runbook' | 'planner' | 'chosen-key' | 'person';

/** When somebody has to look: logs are being lost, somebody else can read or delete, in the morning, some day soon. */
export type Urgency = 'delivery-stops' | 'others-get-in' | 'morning' | 'some-day';

/** Everything about a check but what it does. */
export interface CheckDocument<Id extends string = string> {
  /** Permanent. */
  readonly id: Id;
  /** The rule as a fact, one sentence. */
  readonly title: string;
  readonly severity: Severity;
  readonly urgency: Urgency;
  /** Without it nothing is proved: while it is unknown the trail is undecided. */
  readonly isDecisive: boolean;
  /** `key`: what it says is so of the key whatever trail uses it; nothing of the trail's account, Region or name changes it. */
  readonly speaksOf: 'trail' | 'key';
  readonly repairedBy: RepairedBy;
  /** The calls that may have broken it; left out: none that is looked for. */
  readonly brokenBy?: readonly ChangeName[];
  /** While it fails CloudTrail refuses to take the key for a trail, or delivers nothing with it. */
  readonly isNeededToTakeKey?: true;
  /** What a template or plan cannot tell, but for a failure that it declares: only the deployed trail shows it. */
  readonly isToldByDeployment?: true;
  /** The controls of published frameworks that it speaks to; empty where it goes beyond every one. */
  readonly controls: readonly ControlRow[];
  /** Why it matters: what goes wrong when the check fails. */
  readonly rationale: string;
  /** What a person does when the check fails. */
  readonly remediation: string;
  /** Facts under which the check passes and fails, one line each. */
  readonly examples: { readonly pass: string; readonly fail: string };
  /** Titles of the documentation pages that the check rests on. */
  readonly sources: readonly string[];
}

/** What a check says of one trail. */
export interface FindingOf<Id extends string> {
  readonly check: Id;
  readonly status: FindingStatus;
  readonly severity: Severity;
  readonly message: string;
  /** The message where there is little room, beside its trail and check: what differs, and where. */
  readonly brief?: string;
  /** What to do about it; empty unless the status is `fail` or `unknown`. */
  readonly remedy: Remedy;
  readonly evidence: Evidence;
  /** The change since which it fails; `null`: none that is known. Left out where it does not fail, or nobody asked. */
  readonly since?: Since | null;
}

/** One check: a document and a pure function. */
export interface Check<Id extends string = string> extends CheckDocument<Id> {
  readonly evaluate: (trail: TrailFacts, key: KeyFacts | null, options: CheckOptions) => FindingOf<Id>;
}
