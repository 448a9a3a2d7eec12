import type { ComplianceType, Standing } from '../rule/evaluate/evaluation.ts';
import type { BaselineChanges, Report, ReportAbout, ReportedTrail, TrailReport } from './report.ts';

/**
 * A report whose trails come one by one.
 *
 * Findings on ten thousand trails are larger than everything that leads to them, and few formats need all at once.
 */
export interface ReportStream extends ReportAbout, Pick<Report, 'keys' | 'exceptions' | 'evaluations'> {
  /** Starts anew each time that it is iterated. */
  readonly trails: AsyncIterable<ReportedTrail> | Iterable<ReportedTrail>;
  /** Whole once the trails are through. */
  readonly eventDataStores?: readonly TrailReport[];
  /** The file that was evaluated, where it is one for all trails. */
  readonly file?: string | undefined;
  /** With a baseline; whole once the trails are through. */
  readonly changes?: BaselineChanges;
}

/** The whole report at once. */
export async function collectReport({ trails: source, file: _, ...rest }: ReportStream): Promise<Report> {
  const trails: TrailReport[] = [];
  const counts = emptyCounts();
  for await (const trail of source) {
    trails.push(trail);
    count(counts, trail);
  }
  return { version: 1, ...rest, ...counts, trails };
}

/** The trails of a report one by one, and after them what stands beside them. */
export async function* entriesOf(report: ReportStream): AsyncGenerator<TrailReport> {
  yield* report.trails;
  yield* besideTrails(report);
}

/** Keys that no trail uses and event data stores: nothing of a report counts them but the exit code. */
export const besideTrails = ({
  keys = [],
  eventDataStores = [],
}: Pick<Report, 'keys' | 'eventDataStores'>): readonly TrailReport[] => [...keys, ...eventDataStores];

/** How many trails there are of each kind. */
interface CountsSoFar {
  readonly summary: Record<ComplianceType, number>;
  readonly standings: Record<Standing, number>;
}

export const emptyCounts = (): CountsSoFar => ({
  summary: { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 },
  standings: { compliant: 0, 'non-compliant': 0, undecided: 0, excepted: 0, 'not-applicable': 0 },
});

export function count(
  { summary, standings }: CountsSoFar,
  { complianceType, standing }: Pick<TrailReport, 'complianceType' | 'standing'>,
): void {
  summary[complianceType] += 1;
  standings[standing] += 1;
}
