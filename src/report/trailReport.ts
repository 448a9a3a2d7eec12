import type { Verdict } from '../rule/evaluate/evaluation.ts';
import { trailIdentity } from '../trail/arn.ts';
import type { Finding } from '../trail/finding.ts';
import { ownerByName, ownerOf } from '../trail/owner.ts';
import { missingPermissionOf, remedyInWords, sentence, type Wording } from '../trail/remedy/remedy.ts';
import { controlsOf } from './controlsOf.ts';
import { policyHash } from './policyHash.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/** What a report knows beside a verdict. */
export interface ReportWords {
  readonly wording?: Wording;
  readonly accountName?: string | null;
}

/** What a verdict becomes in a report. */
export function trailReport(verdict: Verdict, { wording, accountName = null }: ReportWords = {}): TrailReport {
  const { complianceType, standing, annotation } = verdict;
  const findings = verdict.findings.map((finding) => reportFinding(finding, wording));
  const { trailArn, accountId, region, kmsKeyArn, owner } = identityOf(verdict);
  return {
    trailArn,
    accountId,
    accountName,
    region,
    kmsKeyArn,
    policySha256: policyHash(verdict.key),
    owner,
    complianceType,
    standing,
    annotation,
    findings,
    controls: controlsOf(findings),
  };
}

/** What a finding becomes in a report. */
export function reportFinding(finding: Finding, wording?: Wording): ReportFinding {
  const { check, severity, status, message, remedy, evidence, since } = finding;
  // Member by member: a large report has a quarter of a million findings, and a spread costs far more.
  if (remedy.length === 0) {
    const reported = { check, severity, status, message, remediation: '', evidence };
    return since === undefined ? reported : { ...reported, since };
  }
  const words = remedyInWords(remedy, wording);
  const remediation = sentence(words);
  const lacks = missingPermissionOf(remedy);
  const reported = {
    ...{ check, severity, status, message, remediation, evidence },
    ...(lacks === null ? {} : { missingPermission: lacks }),
    remedyWords: () => words,
  };
  return since === undefined ? reported : { ...reported, since };
}

function identityOf(verdict: Verdict): Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn' | 'owner'> {
  if (verdict.trail === null) {
    const { trailArn, accountId, region } = verdict;
    const owner = ownerByName(trailIdentity(trailArn ?? '')?.name ?? '')?.by ?? null;
    return { trailArn, accountId, region, kmsKeyArn: null, owner };
  }
  const { trail, key } = verdict;
  const { arn, accountId, homeRegion } = trail;
  const owner = ownerOf(trail, key)?.by ?? null;
  return { trailArn: arn, accountId, region: homeRegion, kmsKeyArn: key?.arn ?? null, owner };
}
