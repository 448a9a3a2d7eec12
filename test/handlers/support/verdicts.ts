import type { TrailVerdict } from '../../../src/rule/evaluate/evaluation.ts';
import type { CheckId, Finding, FindingStatus, Severity } from '../../../src/trail/finding.ts';
import { trailFacts, trailNamed } from '../../rule/facts.ts';

const trail = trailFacts(trailNamed('main'), new Date('2026-11-20T10:00:00Z'));

export const TRAIL_ARN = trail.arn;

const finding = (check: CheckId, severity: Severity, status: FindingStatus): Finding => ({
  check,
  status,
  severity,
  message: `${check} is ${status}`,
  remedy: [[{ do: 'wait-for-key' }]],
  evidence: { statements: [], dependsOn: [] },
});

/** A compliant verdict, but for what a test says. */
export const verdict = (members: Partial<TrailVerdict> = {}): TrailVerdict => ({
  trail,
  key: null,
  findings: [finding('trail-encrypted', 'HIGH', 'pass')],
  standing: 'compliant',
  complianceType: 'COMPLIANT',
  annotation: '',
  ...members,
});

export const failing = (): TrailVerdict =>
  verdict({
    standing: 'non-compliant',
    complianceType: 'NON_COMPLIANT',
    annotation: 'key-usable: key-usable is fail',
    decidedBy: ['key-usable'],
    findings: [finding('key-usable', 'CRITICAL', 'fail'), finding('readers-bounded', 'MEDIUM', 'fail')],
  });
