import type { KeyFacts } from '../facts.ts';
import type { CheckId } from '../finding.ts';
import type { RepairOptions, RepairSubject } from './plan.ts';

/** One trail of a key; `setsKey`: it is to be given the key by this plan. */
export interface KeyUser extends RepairSubject {
  readonly key: KeyFacts;
  readonly setsKey: boolean;
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
