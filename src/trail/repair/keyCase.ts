import type { KeyFacts } from '../facts.ts';
import type { CheckId, Finding } from '../finding.ts';
import type { RepairOptions, RepairSubject } from './plan.ts';

/** One trail of a key. */
export interface KeyUser extends RepairSubject {
  readonly key: KeyFacts;
  /** The trail is to be given the key by this plan; `null`: it has the key. */
  readonly assigned: KeyAssignment | null;
}

/** What a trail leaves for the key that a person chose for it. */
export interface KeyAssignment {
  /** The key that it names until then; `null`: none. */
  readonly from: string | null;
  /** What the checks say of it until then. */
  readonly findings: readonly Finding[];
}

/** Everything that a plan for one key starts from. */
export interface KeyCase {
  readonly keyArn: string | null;
  readonly key: KeyFacts;
  readonly users: readonly KeyUser[];
  /** Trails of the key that a later stage covers: nothing is fixed for them, and nothing may become worse. */
  readonly later: readonly KeyUser[];
  readonly options: RepairOptions;
}

/** What a person must do about a check, where the check itself does not know it. */
export type Advice = ReadonlyMap<CheckId, string>;
