/** From GetKeyLastUsage, which knows of the last successful cryptographic operation and of no refusal. */
export interface KeyLastUsage {
  /** Such as `GenerateDataKey`. */
  readonly operation: string | null;
  /** CloudTrail's id of its event. */
  readonly eventId: string | null;
  /** When the key was created, where it is proved that it was never used since. */
  readonly unusedSince: Date | null;
}

/** One call of a KMS key, as CloudTrail recorded it. */
export interface KeyEvent {
  readonly id: string;
  readonly at: Date;
  /** Such as `GenerateDataKey`. */
  readonly name: string;
  /** The service that made the call; `null`: none. */
  readonly invokedBy: string | null;
  readonly keyArns: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** `null`: it succeeded. */
  readonly error: { readonly code: string; readonly message: string } | null;
}
