import type { TrailVerdict } from '../../../src/rule/evaluation.ts';
import { type TrailFacts, unread } from '../../../src/trail/facts.ts';
import type { CheckId, Finding, FindingStatus, Severity } from '../../../src/trail/finding.ts';

export const TRAIL_ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';

const trail: TrailFacts = {
  arn: TRAIL_ARN,
  name: 'main',
  partition: 'aws',
  accountId: '111122223333',
  homeRegion: 'us-east-1',
  kmsKeyId: null,
  bucketName: 'logs',
  keyPrefix: null,
  isMultiRegion: true,
  isOrganization: false,
  logFileValidation: true,
  hasInsightSelectors: false,
  status: unread('not read'),
  bucket: unread('not read'),
  organizationId: unread('not read'),
  asOf: new Date('2026-11-20T10:00:00Z'),
};

const finding = (check: CheckId, severity: Severity, status: FindingStatus): Finding => ({
  check,
  status,
  severity,
  message: `${check} is ${status}`,
  remediation: `mend ${check}`,
  evidence: { statements: [], dependsOn: [] },
});

/** A compliant verdict, but for what a test says. */
export const verdict = (members: Partial<TrailVerdict> = {}): TrailVerdict => ({
  trail,
  key: null,
  findings: [finding('trail-encrypted', 'HIGH', 'pass')],
  complianceType: 'COMPLIANT',
  annotation: '',
  ...members,
});

export const failing = (): TrailVerdict =>
  verdict({
    complianceType: 'NON_COMPLIANT',
    annotation: 'key-usable: key-usable is fail',
    decidedBy: ['key-usable'],
    findings: [finding('key-usable', 'CRITICAL', 'fail'), finding('readers-bounded', 'MEDIUM', 'fail')],
  });
