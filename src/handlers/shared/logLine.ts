import type { RequestUsage } from '../../aws/requestUsage.ts';
import type { Evaluation, Verdict } from '../../rule/evaluate/evaluation.ts';
import type { Exception } from '../../rule/exceptions/exception.ts';

/** What the log keeps of one evaluation, as the members of one JSON line. */
export function logLine(evaluation: Evaluation, verdict: Verdict) {
  const of = (status: string) => verdict.findings.filter((finding) => finding.status === status);
  const dependsOn = [...of('fail'), ...of('unknown')].flatMap((finding) => finding.evidence.dependsOn);
  return {
    resourceId: evaluation.ComplianceResourceId,
    trailArn: verdict.trail?.arn ?? ('trailArn' in verdict ? verdict.trailArn : null),
    kmsKey: verdict.key?.arn ?? verdict.key?.reference ?? null,
    complianceType: evaluation.ComplianceType,
    annotation: evaluation.Annotation ?? '',
    failed: of('fail').map(({ check }) => check),
    unknown: of('unknown').map(({ check }) => check),
    dependsOn: [...new Set(dependsOn)],
  };
}

/** What the log keeps of an exception; the check list of one for every check below CRITICAL is `null`. */
export function exceptionLine({ trailArn, address, checks, owner, reason, ticket, expires }: Exception) {
  return { exception: { trailArn, address, checks, owner, reason, ticket, expires } };
}

/**
 * What an invocation took until now: it stands in the line of each of its evaluations.
 *
 * @param started of `performance.now()`
 */
export const workLine = (started: number, { requests, throttled }: RequestUsage) => ({
  durationMs: Math.round(performance.now() - started),
  apiRequests: requests,
  apiThrottles: throttled,
});
