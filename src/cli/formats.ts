import { asffReport } from '../report/asff.ts';
import { collectReport, type ReportStream } from '../report/build.ts';
import { csvReport } from '../report/csv.ts';
import { htmlReport } from '../report/html/page.ts';
import { jsonReport } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import { ocsfReport } from '../report/ocsf.ts';
import type { Report, TrailReport } from '../report/report.ts';
import { sarifReport } from '../report/sarif.ts';
import { type TextOptions, textReport } from '../report/text.ts';

type WriteFormat = (report: ReportStream, text: TextOptions, say: (sentence: string) => void) => AsyncGenerator<string>;

/** The formats that a report can be printed in, in the order in which help names them. */
export const FORMATS = {
  text: (report, options) => whole(textReport)({ ...report, trails: withOpenFindings(report.trails) }, options),
  json: jsonReport,
  csv: csvReport,
  junit: whole(junitReport),
  sarif: (report, _, say) => sarifReport(report, say),
  asff: asffReport,
  ocsf: ocsfReport,
  html: whole(htmlReport),
} as const satisfies Readonly<Record<string, WriteFormat>>;

export type Format = keyof typeof FORMATS;

/** A format that needs every trail before its first line. */
function whole(
  write: (report: Report, text: TextOptions) => Iterable<string>,
): (report: ReportStream, text: TextOptions) => AsyncGenerator<string> {
  return async function* (report, text) {
    yield* write(await collectReport(report), text);
  };
}

/** Text shows no other findings: they need not be kept until the last trail is there. */
async function* withOpenFindings(trails: ReportStream['trails']): AsyncGenerator<TrailReport> {
  for await (const { explain: _, ...trail } of trails)
    yield { ...trail, findings: trail.findings.filter(({ status }) => status === 'fail' || status === 'unknown') };
}
