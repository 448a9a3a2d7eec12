import type { Sent } from './change.ts';

/** The key policy of one key. */
export interface KeyPolicyPort {
  readonly keyArn: string;
  /** @throws when it cannot be read */
  read(): Promise<string>;
  /** Sends the policy once. */
  write(policy: string): Promise<Sent>;
}

/** What a request changes about a key beside its policy. */
export type KeyOperation =
  | 'CancelKeyDeletion'
  | 'EnableKey'
  | 'DisableKey'
  | 'EnableKeyRotation'
  | 'DisableKeyRotation';

/** The state of one key. */
export interface KeyStatePort {
  readonly keyArn: string;
  /** As DescribeKey spells it. @throws when it cannot be read */
  state(): Promise<string>;
  /** Days between two rotations, `null` where it does not rotate. @throws when it cannot be read */
  rotationPeriod(): Promise<number | null>;
  /** Sends the request once. */
  send(operation: KeyOperation): Promise<Sent>;
}

/** The key of one trail. */
export interface TrailKeyPort {
  readonly trailArn: string;
  /** An empty text: it has none. @throws when it cannot be read, or the trail is not there */
  read(): Promise<string>;
  /** Sends the key once; an empty text takes the key off. */
  write(keyArn: string): Promise<Sent>;
}

/** What the changes of a plan are made through. */
export interface StepPorts {
  readonly policy: KeyPolicyPort;
  /** `null`: the plan changes the policy alone. */
  readonly key: KeyStatePort | null;
  /** The trail that is to get a key; `null`: none is. */
  readonly trail: TrailKeyPort | null;
}
