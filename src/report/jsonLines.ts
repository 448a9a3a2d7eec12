import { createHash } from 'node:crypto';
import { entriesOf, type ReportStream } from './build.ts';
import { type Coverage, summarizeCoverage } from './coverage.ts';
import { trailWriter } from './json.ts';
import type { TrailReport } from './report.ts';

/** What stands in front of every line, so that it stands alone: the run, the tool, both times, and how much was read. */
interface LineHead extends Pick<ReportStream, 'tool' | 'evaluatedAt' | 'factsAt'> {
  /** The same in every line of a run, another one in each run. */
  readonly run: string;
  /** How many accounts and Regions the run read, and how many it did not; `null`: nobody knows. */
  readonly coverage: ReturnType<typeof tally>;
}

/** A trail that is there and was left without a verdict: it takes the place of its report, so that no line reads as all is well. */
export interface LineWithoutVerdict
  extends Pick<TrailReport, 'trailArn' | 'eventDataStoreArn' | 'accountId' | 'region'> {
  readonly standing: null;
  readonly reason: string;
}

/** The report as JSON lines: one trail (or key alone) a line, each with the members that it has in the JSON report. */
export async function* jsonLines(report: ReportStream): AsyncGenerator<string> {
  const { tool, evaluatedAt, factsAt, coverage } = report;
  const write = lineWriter({ run: runOf(report), tool, evaluatedAt, factsAt, coverage: tally(coverage) });
  for await (const trail of entriesOf(report)) yield write(trail);
}

/** Writes the lines of one run. */
export function lineWriter(head: LineHead): (trail: TrailReport | LineWithoutVerdict) => string {
  const { run, tool, evaluatedAt, factsAt, coverage } = head;
  const start = JSON.stringify({ version: 1, run, tool, evaluatedAt, factsAt, coverage }).slice(0, -1);
  const write = trailWriter();
  return (trail) => `${start},${(trail.standing === null ? JSON.stringify(trail) : write(trail)).slice(1)}\n`;
}

function runOf({ tool, evaluatedAt, factsAt, parameters, coverage, file }: ReportStream): string {
  const all = JSON.stringify([tool, evaluatedAt, factsAt, parameters, coverage, file]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

function tally(coverage: Coverage | null) {
  if (coverage === null) return null;
  const { accounts, read, unread } = summarizeCoverage(coverage);
  return { accounts, read, unread: unread.length };
}
