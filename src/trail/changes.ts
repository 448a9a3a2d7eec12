import type { KeyPolicyParse } from '../policy/parse.ts';

/** Calls after which a trail may fail a check that it passed before. */
export const TRAIL_CHANGES = ['CreateTrail', 'UpdateTrail', 'StopLogging'] as const;
/** The same of its key. */
export const KEY_CHANGES = [
  'PutKeyPolicy',
  'DisableKey',
  'ScheduleKeyDeletion',
  'DeleteImportedKeyMaterial',
  'DisableKeyRotation',
] as const;

export type ChangeName = (typeof TRAIL_CHANGES)[number] | (typeof KEY_CHANGES)[number];

const NAMES: ReadonlySet<string> = new Set([...TRAIL_CHANGES, ...KEY_CHANGES]);
export const isChangeName = (name: string): name is ChangeName => NAMES.has(name);

/** What gives a trail its key. */
export const KEY_CHOSEN = ['CreateTrail', 'UpdateTrail'] as const satisfies readonly ChangeName[];
/** What breaks a check of the key policy whatever trail uses the key. */
const POLICY_WRITTEN = ['PutKeyPolicy'] as const satisfies readonly ChangeName[];
/** The same of a check that depends on the trail as well. */
export const POLICY_OR_KEY = [...POLICY_WRITTEN, ...KEY_CHOSEN] as const;

/** A call that changed a trail or a key, as CloudTrail recorded it. */
export interface ChangeEvent {
  readonly id: string;
  readonly at: Date;
  readonly name: ChangeName;
  /** The ARN of who made it, or the service; `null`: the event does not tell. */
  readonly by: string | null;
  /** What PutKeyPolicy wrote; `null` of any other event, and where it is not in the event. */
  readonly policy: KeyPolicyParse | null;
}

/** What is known of when a check began to fail. */
export interface Since {
  /** ISO 8601. */
  readonly time: string;
  readonly eventId: string;
  readonly eventName: ChangeName;
  readonly by: string | null;
  /**
   * True: the policy that this event wrote fails the check, and the one before it passes. False: it is the last change that
   * bears on the check, or the first of those that are known to fail it; what was before is not known.
   */
  readonly isCause: boolean;
}
