import type { ComplianceType, Evaluation, Verdict } from '../rule/evaluation.ts';
import type { Report, TrailReport } from './report.ts';

/** The report on a list of verdicts; `evaluations` are what the rule would send, where an event was evaluated. */
export function buildReport(verdicts: readonly Verdict[], evaluations?: readonly Evaluation[]): Report {
  const trails = verdicts.map(trailReport);
  return {
    version: 1,
    summary: summarize(trails),
    trails,
    ...(evaluations === undefined ? {} : { evaluations }),
  };
}

function trailReport(verdict: Verdict): TrailReport {
  const { complianceType, annotation, findings } = verdict;
  const { trailArn, accountId, region, kmsKeyArn } = identityOf(verdict);
  return { trailArn, accountId, region, kmsKeyArn, complianceType, annotation, findings };
}

function identityOf(verdict: Verdict): Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn'> {
  if (verdict.trail === null) {
    const { trailArn, accountId, region } = verdict;
    return { trailArn, accountId, region, kmsKeyArn: null };
  }
  const { arn, accountId, homeRegion } = verdict.trail;
  return { trailArn: arn, accountId, region: homeRegion, kmsKeyArn: verdict.key?.arn ?? null };
}

function summarize(trails: readonly TrailReport[]): Report['summary'] {
  const count = (type: ComplianceType) => trails.filter(({ complianceType }) => complianceType === type).length;
  return {
    COMPLIANT: count('COMPLIANT'),
    NON_COMPLIANT: count('NON_COMPLIANT'),
    NOT_APPLICABLE: count('NOT_APPLICABLE'),
  };
}
