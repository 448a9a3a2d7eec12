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

/** What help says of them where trails have to be there. */
export const TRAIL_EXIT_CODES = `
Exit codes:
  0  no trail is NON_COMPLIANT, or none has a standing of --fail-on
  1  a trail is NON_COMPLIANT, or has a standing of --fail-on; or no trail was seen at all, unless --allow-empty
  2  bad usage or bad input`;
