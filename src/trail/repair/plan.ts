import type { KeyPolicy } from '../../policy/parse.ts';
import type { KeyFacts, TrailFacts } from '../facts.ts';
import type { CheckId, CheckOptions, Finding, Severity } from '../finding.ts';
import type { PolicyDocument, StatementDocument } from '../statements.ts';

/** What an edit does. The first group edits the key policy, the second the key, the last the trail. */
export type EditChange = PolicyChange | 'deletion-cancelled' | 'key-enabled' | 'rotation-enabled' | 'trail-key-set';

export type PolicyChange =
  | 'condition-value-corrected'
  | 'condition-value-added'
  | 'condition-key-corrected'
  | 'action-corrected'
  | 'resource-corrected'
  | 'statement-added'
  | 'statement-narrowed'
  | 'statement-split'
  | 'deny-narrowed'
  | 'orphaned-principal-removed'
  | 'statement-removed';

export interface Edit {
  /** Sid, or `#index` from 0; `null` where the edit is not one of the policy. */
  readonly statement: string | null;
  readonly change: EditChange;
  readonly message: string;
}

/** A check that fails, or that nobody can decide, and that the plan does not fix. */
export interface Remaining {
  readonly check: CheckId;
  readonly trailArns: readonly string[];
  readonly severity: Severity;
  readonly message: string;
  /** What a person must do. */
  readonly remediation: string;
}

/**
 * What to do about one key and all the trails that use it, or about one trail without a key.
 *
 * - `repaired`: `edits` fix what fails but for `remaining`, which is proved; `policy` is the policy that results.
 * - `nothing-to-do`: no check fails.
 * - `handed-over`: somebody else deploys the trail or the key; `policy` is what they are to make of it, where there is one,
 *   nothing is run, and `reason` says who changes it where.
 * - `declined`: something fails and nothing is offered; `reason` says why.
 */
export interface RepairPlan {
  /** `null` where no key is known. */
  readonly keyArn: string | null;
  readonly trailArns: readonly string[];
  /** Where the plan is one stage of several: trails of the key that a later stage covers; nothing of theirs changes. */
  readonly laterTrailArns?: readonly string[];
  readonly status: 'repaired' | 'nothing-to-do' | 'handed-over' | 'declined';
  readonly policy: PolicyDocument | null;
  readonly edits: readonly Edit[];
  /** Commands of the AWS CLI, in the order in which they are safe. */
  readonly commands: readonly string[];
  readonly remaining: readonly Remaining[];
  readonly reason: string | null;
  /** What the edits were made of; `null` where there are none. */
  readonly work: RepairWork | null;
}

/** What the edits of a plan consist of, for those who print or write it. */
export interface RepairWork {
  /** The checks that fail, or that nobody can decide, and that pass after the edits, once for each trail. */
  readonly fixes: readonly CheckId[];
  /** The policy before the edits. */
  readonly before: KeyPolicy;
  readonly policyEdits: readonly StatementEdit[];
  /** Commands that change the key or the trails, to be run after the policy was written. */
  readonly otherCommands: readonly string[];
  /** The key that the trail of `trail-key-set` names until then; `null`: none. */
  readonly formerKey: string | null;
}

/** One changed, added or removed statement. */
export interface StatementEdit {
  /** Position in the policy's Statement; `null`: added at the end. */
  readonly index: number | null;
  /** Sid, or `#index` from 0. */
  readonly label: string;
  /** `null`: the statement goes. */
  readonly statement: StatementDocument | null;
  readonly change: PolicyChange;
  readonly message: string;
  /** What the edit knowingly takes away from whom, as Deny statements; the message names it. */
  readonly loses: readonly StatementDocument[];
}

/** A trail, its key and what the checks say. */
export interface RepairSubject {
  readonly trail: TrailFacts;
  readonly key: KeyFacts | null;
  readonly findings: readonly Finding[];
}

export interface RepairOptions {
  readonly checks: CheckOptions;
  /**
   * Somebody vouches that no other trail, no SNS topic and no event data store uses the keys, so that statements may be
   * narrowed that allow more than the trails at hand.
   */
  readonly dedicatedKeys: boolean;
  /** The keys that a person chose for trails, by the ARN of the trail. */
  readonly chosenKeys: ReadonlyMap<string, KeyFacts>;
  /** ARNs of every trail at hand: a condition that names one of them is no mistake. */
  readonly knownTrails: readonly string[];
  /** ARNs of the trails that plans cover, where a key's other trails are for a later stage. */
  readonly stage?: readonly string[];
  /** Whether a finding is to be fixed or listed: one that is excepted, or not severe enough, is neither. */
  readonly considers: (finding: Finding, trail: TrailFacts) => boolean;
}
