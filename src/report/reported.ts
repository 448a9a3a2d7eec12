import type { TrailVerdict, Verdict } from '../rule/evaluate/evaluation.ts';
import { explainTrail } from '../trail/explainTrail.ts';
import type { CheckOptions } from '../trail/finding.ts';
import type { ReportedTrail, TrailBackground } from './report.ts';
import { trailReport } from './trailReport.ts';

/** What a verdict becomes in a report, with its background. */
export function reportedTrail(
  verdict: Verdict,
  options: CheckOptions,
  accountName: string | null = null,
): ReportedTrail {
  const report = trailReport(verdict, accountName);
  return verdict.trail === null ? report : { ...report, explain: () => background(verdict, options) };
}

function background({ trail, key }: TrailVerdict, options: CheckOptions): TrailBackground {
  return { key, requests: key === null ? null : explainTrail(trail, key, options) };
}
