import type { ComplianceType, Evaluation } from '../rule/evaluate/evaluation.ts';
import type { Report, ReportedTrail, TrailReport } from './report.ts';

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
  readonly exceptions?: Report['exceptions'];
  /** What the rule would send, where an event was evaluated. */
  readonly evaluations?: readonly Evaluation[];
}

/** The whole report at once. */
export async function collectReport({ trails: source, keys, exceptions, evaluations }: ReportStream): Promise<Report> {
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
    ...(exceptions === undefined ? {} : { exceptions }),
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
