import { createHash } from 'node:crypto';
import { entriesOf, type ReportStream } from './build.ts';
import { type Coverage, summarizeCoverage } from './coverage.ts';
import { trailWriter } from './json.ts';

/**
 * The report as JSON lines: one trail (or key alone) a line, each with the members that it has in the JSON report and, in
 * front, what lets it stand alone: the run, the tool, both times, and how much was read.
 */
export async function* jsonLines(report: ReportStream): AsyncGenerator<string> {
  const { tool, evaluatedAt, factsAt, coverage } = report;
  const head = { version: 1, run: runOf(report), tool, evaluatedAt, factsAt, coverage: tally(coverage) };
  const start = JSON.stringify(head).slice(0, -1);
  const write = trailWriter();
  for await (const trail of entriesOf(report)) yield `${start},${write(trail).slice(1)}\n`;
}

/** The same in every line of a run, another one in each run. */
function runOf({ tool, evaluatedAt, factsAt, parameters, coverage, file }: ReportStream): string {
  const all = JSON.stringify([tool, evaluatedAt, factsAt, parameters, coverage, file]);
  return createHash('sha256').update(all).digest('hex').slice(0, 32);
}

/** How many accounts and Regions the run read, and how many it did not; `null`: nobody knows. */
function tally(coverage: Coverage | null) {
  if (coverage === null) return null;
  const { accounts, read, unread } = summarizeCoverage(coverage);
  return { accounts, read, unread: unread.length };
}
