import { count, emptyCounts } from '../../src/report/build.ts';
import type { Report, ReportAbout, ReportFinding, TrailReport } from '../../src/report/report.ts';

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
  accountName: null,
  region: 'us-east-1',
  kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k',
  policySha256: null,
  owner: null,
  complianceType: 'NON_COMPLIANT',
  standing: 'non-compliant',
  annotation: 'cloudtrail-can-encrypt: ...',
  findings: [finding()],
  controls: [],
  ...over,
});

export const ABOUT: ReportAbout = {
  tool: { name: 'cloudtrail-kms-rule', version: '1.2.3' },
  evaluatedAt: '2026-11-20T12:00:00.000Z',
  factsAt: '2026-11-20T10:00:00.000Z',
  parameters: { minimumSeverity: 'HIGH', allowedKmsKeys: null },
  coverage: null,
};

export function report(...trails: readonly TrailReport[]): Report {
  const counts = emptyCounts();
  for (const trail of trails) count(counts, trail);
  return { version: 1, ...ABOUT, ...counts, trails };
}
