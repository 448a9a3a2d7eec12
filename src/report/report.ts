import type { ComplianceType, Evaluation } from '../rule/evaluation.ts';
import type { Finding } from '../trail/finding.ts';

/** The JSON report: what every command that evaluates trails prints, and what every other format is made from. */
export interface Report {
  readonly version: 1;
  readonly summary: Readonly<Record<ComplianceType, number>>;
  readonly trails: readonly TrailReport[];
  /** With an event: what the Lambda would send, in PutEvaluations' own shape. */
  readonly evaluations?: readonly Evaluation[];
}

export interface TrailReport {
  readonly trailArn: string | null;
  readonly accountId: string | null;
  readonly region: string | null;
  /** `null` without a key. */
  readonly kmsKeyArn: string | null;
  readonly complianceType: ComplianceType;
  /** Empty when there is nothing to say. */
  readonly annotation: string;
  readonly findings: readonly Finding[];
  /** `check` only: logical id (CloudFormation) or resource address (Terraform). */
  readonly address?: string;
  /** `check` only. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number };
}
