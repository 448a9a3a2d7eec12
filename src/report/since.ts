import type { Since } from '../trail/finding.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/** Since when a check fails, in words that follow its message. */
export function sinceInWords({ time, eventId, eventName, by, isCause }: Since): string {
  const change = `${eventName}${by === null ? '' : ` by ${by}`} (event ${eventId})`;
  return isCause
    ? `since ${time}: ${change} broke it`
    : `at the latest since ${time}: ${change}; what was before is not known`;
}

/** A change with the checks that fail since. */
interface SinceChange extends Since {
  readonly checks: readonly string[];
}

/** The changes since which a trail fails, the earliest first. */
export function changesOf({ findings }: Pick<TrailReport, 'findings'>): readonly SinceChange[] {
  const changes = new Map<string, SinceChange>();
  for (const { check, since } of findings) {
    if (!since) continue;
    const id = `${since.eventId} ${since.isCause}`;
    const known = changes.get(id);
    changes.set(id, { ...since, checks: [...(known?.checks ?? []), check] });
  }
  return [...changes.values()].toSorted((one, other) => (one.time < other.time ? -1 : 1));
}

/** Columns of a table that has one line a finding. */
export const sinceColumns = (since: ReportFinding['since']) =>
  since ? { since: since.time, sinceEvent: `${since.eventName} ${since.eventId}`, sinceBy: since.by ?? '' } : {};
