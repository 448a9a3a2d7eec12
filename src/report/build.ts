import type { ComplianceType, Evaluation, Verdict } from '../rule/evaluation.ts';
import type { Finding } from '../trail/finding.ts';
import { remedyInWords, sentence, type Wording } from '../trail/remedy/remedy.ts';
import type { Report, ReportFinding, TrailReport } from './report.ts';
import type { ReportedTrail } from './reported.ts';

/**
 * A report whose trails come one by one.
 *
 * Findings on ten thousand trails are larger than everything that leads to them, and few formats need all at once.
 */
export interface ReportStream {
  /** Starts anew each time that it is iterated. */
  readonly trails: AsyncIterable<ReportedTrail> | Iterable<ReportedTrail>;
  /** Keys for CloudTrail that no given trail uses. */
  readonly keys?: readonly TrailReport[];
  /** What the rule would send, where an event was evaluated. */
  readonly evaluations?: readonly Evaluation[];
}

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

/** The whole report at once. */
export async function collectReport({ trails: source, keys, evaluations }: ReportStream): Promise<Report> {
  const trails: TrailReport[] = [];
  const summary = emptySummary();
  for await (const trail of source) {
    trails.push(trail);
    summary[trail.complianceType] += 1;
  }
  return {
    version: 1,
    summary,
    trails,
    ...(keys === undefined ? {} : { keys }),
    ...(evaluations === undefined ? {} : { evaluations }),
  };
}

/** The trails of a report one by one, and after them its keys. */
export async function* entriesOf({ trails, keys = [] }: ReportStream): AsyncGenerator<TrailReport> {
  yield* trails;
  yield* keys;
}

/** A summary to count in. */
export const emptySummary = (): Record<ComplianceType, number> => ({
  COMPLIANT: 0,
  NON_COMPLIANT: 0,
  NOT_APPLICABLE: 0,
});

function identityOf(verdict: Verdict): Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn'> {
  if (verdict.trail === null) {
    const { trailArn, accountId, region } = verdict;
    return { trailArn, accountId, region, kmsKeyArn: null };
  }
  const { arn, accountId, homeRegion } = verdict.trail;
  return { trailArn: arn, accountId, region: homeRegion, kmsKeyArn: verdict.key?.arn ?? null };
}
