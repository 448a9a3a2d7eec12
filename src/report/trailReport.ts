import type { Verdict } from '../rule/evaluate/evaluation.ts';
import type { Finding } from '../trail/finding.ts';
import { remedyInWords, sentence, type Wording } from '../trail/remedy/remedy.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/** What a verdict becomes in a report. */
export function trailReport(verdict: Verdict): TrailReport {
  const { complianceType, standing, annotation } = verdict;
  const findings = verdict.findings.map((finding) => reportFinding(finding));
  const { trailArn, accountId, region, kmsKeyArn } = identityOf(verdict);
  return { trailArn, accountId, region, kmsKeyArn, complianceType, standing, annotation, findings };
}

/** What a finding becomes in a report. */
export function reportFinding({ remedy, evidence, ...said }: Finding, wording?: Wording): ReportFinding {
  if (remedy.length === 0) return { ...said, remediation: '', evidence };
  const words = remedyInWords(remedy, wording);
  return { ...said, remediation: sentence(words), evidence, remedyWords: () => words };
}

function identityOf(verdict: Verdict): Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn'> {
  if (verdict.trail === null) {
    const { trailArn, accountId, region } = verdict;
    return { trailArn, accountId, region, kmsKeyArn: null };
  }
  const { arn, accountId, homeRegion } = verdict.trail;
  return { trailArn: arn, accountId, region: homeRegion, kmsKeyArn: verdict.key?.arn ?? null };
}
