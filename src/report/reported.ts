import type { TrailVerdict, Verdict } from '../rule/evaluation.ts';
import { explainTrail, type RequestExplanation } from '../trail/explainTrail.ts';
import type { KeyFacts, Reading } from '../trail/facts.ts';
import type { CheckOptions } from '../trail/finding.ts';
import type { TrailReport } from './report.ts';
import { trailReport } from './trailReport.ts';

/**
 * A trail of a report, with what else is known of it for the formats that show more.
 *
 * The rest is behind a function: nothing is worked out unasked, and JSON leaves functions out, so that the JSON report
 * stays what it is.
 */
export interface ReportedTrail extends TrailReport {
  readonly explain?: () => TrailBackground;
}

/** What stands behind a verdict. */
export interface TrailBackground {
  /** `null` when the trail names no key. */
  readonly key: KeyFacts | null;
  /** `null` when the trail names no key. */
  readonly requests: Reading<readonly RequestExplanation[]> | null;
}

/** What a verdict becomes in a report, with its background. */
export function reportedTrail(verdict: Verdict, options: CheckOptions): ReportedTrail {
  const report = trailReport(verdict);
  return verdict.trail === null ? report : { ...report, explain: () => background(verdict, options) };
}

function background({ trail, key }: TrailVerdict, options: CheckOptions): TrailBackground {
  return { key, requests: key === null ? null : explainTrail(trail, key, options) };
}
