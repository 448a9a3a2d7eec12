import { emptySummary } from '../../src/report/build.ts';
import type { Report, ReportFinding, TrailReport } from '../../src/report/report.ts';

export const finding = (over: Partial<ReportFinding> = {}): ReportFinding => ({
  check: 'cloudtrail-can-encrypt',
  status: 'fail',
  severity: 'CRITICAL',
  message: 'statement `AllowEncrypt`: aws:SourceArn is another trail',
  remediation: 'correct the condition',
  evidence: { statements: ['AllowEncrypt'], dependsOn: [] },
  ...over,
});

export const trailReport = (over: Partial<TrailReport> = {}): TrailReport => ({
  trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
  accountId: '111122223333',
  region: 'us-east-1',
  kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k',
  owner: null,
  complianceType: 'NON_COMPLIANT',
  standing: 'non-compliant',
  annotation: 'cloudtrail-can-encrypt: ...',
  findings: [finding()],
  ...over,
});

export function report(...trails: readonly TrailReport[]): Report {
  const summary = emptySummary();
  for (const { complianceType } of trails) summary[complianceType] += 1;
  return { version: 1, summary, trails };
}
