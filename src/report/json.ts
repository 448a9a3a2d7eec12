import type { Report } from './report.ts';

/**
 * The report as JSON text, one line a trail, in pieces.
 *
 * In pieces, because the text of ten thousand trails is larger than everything else that an evaluation holds.
 */
export function* jsonReport(report: Report): Generator<string> {
  yield `{"version":${report.version},\n "summary":${JSON.stringify(report.summary)},\n "trails":[`;
  yield* lines(report.trails);
  if (report.evaluations !== undefined) {
    yield '],\n "evaluations":[';
    yield* lines(report.evaluations);
  }
  yield ']}\n';
}

function* lines(values: readonly unknown[]): Generator<string> {
  let separator = '\n  ';
  for (const value of values) {
    yield `${separator}${JSON.stringify(value)}`;
    separator = ',\n  ';
  }
}
