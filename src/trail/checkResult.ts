import type { Evidence, FindingStatus } from './check.ts';
import type { Remedy } from './remedy/remedy.ts';

/** What a check decided, before it is signed with the check's id and severity. */
export interface CheckResult {
  readonly status: FindingStatus;
  readonly message: string;
  /** The message where there is little room. */
  readonly brief?: string;
  readonly remedy: Remedy;
  readonly evidence: Evidence;
}

/** A result whose message has a short form. */
export const inBrief = (brief: string, result: CheckResult): CheckResult => ({ ...result, brief });

const NO_EVIDENCE: Evidence = { statements: [], dependsOn: [] };

export const pass = (message: string, evidence = NO_EVIDENCE): CheckResult => ({
  status: 'pass',
  message,
  remedy: [],
  evidence,
});

export const fail = (message: string, remedy: Remedy, evidence = NO_EVIDENCE): CheckResult => ({
  status: 'fail',
  message,
  remedy,
  evidence,
});

/** Nobody can say; `message` says why, so it is also what has to be fixed before the check can decide. */
export const undecided = (message: string, remedy: Remedy, evidence = NO_EVIDENCE): CheckResult => ({
  status: 'unknown',
  message,
  remedy,
  evidence,
});

export const notApplicable = (message: string): CheckResult => ({
  status: 'not-applicable',
  message,
  remedy: [],
  evidence: NO_EVIDENCE,
});
