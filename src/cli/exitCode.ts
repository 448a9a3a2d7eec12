/** The exit codes of every command. */
export const exitCode = {
  /** Every trail is compliant. */
  compliant: 0,
  /** Something is NON_COMPLIANT. */
  nonCompliant: 1,
  /** Bad usage or bad input. */
  badInput: 2,
  /** An account, a Region or a list of trails could not be read, or a file could not be written; outranks the others. */
  couldNotFinish: 3,
} as const;
