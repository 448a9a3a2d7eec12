import { emptySummary, type ReportStream } from './build.ts';
import type { Report } from './report.ts';

/**
 * The report as JSON text, one line a trail, in pieces, each as soon as its trail is there.
 *
 * The summary comes last, because only then it is known.
 *
 * @returns the summary
 */
export async function* jsonReport({ trails, evaluations }: ReportStream): AsyncGenerator<string, Report['summary']> {
  const summary = emptySummary();
  yield '{"version":1,\n "trails":[';
  let separator = '\n  ';
  for await (const trail of trails) {
    summary[trail.complianceType] += 1;
    yield `${separator}${JSON.stringify(trail)}`;
    separator = ',\n  ';
  }
  if (evaluations !== undefined) {
    const lines = evaluations.map((evaluation) => `\n  ${JSON.stringify(evaluation)}`);
    yield `],\n "evaluations":[${lines.join(',')}`;
  }
  yield `],\n "summary":${JSON.stringify(summary)}}\n`;
  return summary;
}
