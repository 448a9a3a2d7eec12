import type { Evidence, FindingStatus } from './finding.ts';

/** What a check decided, before it is signed with the check's id and severity. */
export interface Verdict {
  readonly status: FindingStatus;
  readonly message: string;
  readonly remediation: string;
  readonly evidence: Evidence;
}

const NO_EVIDENCE: Evidence = { statements: [], dependsOn: [] };

export const pass = (message: string, evidence = NO_EVIDENCE): Verdict => ({
  status: 'pass',
  message,
  remediation: '',
  evidence,
});

export const fail = (message: string, remediation: string, evidence = NO_EVIDENCE): Verdict => ({
  status: 'fail',
  message,
  remediation,
  evidence,
});

/** Nobody can say; `message` says why, so it is also what has to be mended before the check can decide. */
export const undecided = (message: string, remediation: string, evidence = NO_EVIDENCE): Verdict => ({
  status: 'unknown',
  message,
  remediation,
  evidence,
});

export const notApplicable = (message: string): Verdict => ({
  status: 'not-applicable',
  message,
  remediation: '',
  evidence: NO_EVIDENCE,
});
