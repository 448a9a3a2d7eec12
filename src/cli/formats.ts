import { asffReport } from '../report/asff.ts';
import { collectReport, type ReportStream } from '../report/build.ts';
import { csvReport } from '../report/csv.ts';
import { frameworkCsv } from '../report/frameworkCsv.ts';
import { htmlReport } from '../report/html/page.ts';
import { jsonReport } from '../report/json.ts';
import { jsonLines } from '../report/jsonLines.ts';
import { junitReport } from '../report/junit.ts';
import { ocsfReport } from '../report/ocsf.ts';
import type { Report, TrailReport } from '../report/report.ts';
import { sarifReport } from '../report/sarif.ts';
import { type TextOptions, textReport } from '../report/text.ts';
import type { Framework } from '../trail/frameworks.ts';

interface FormatOptions extends TextOptions {
  /** The controls of which `BY_FRAMEWORK` show. */
  readonly framework?: Framework | undefined;
}

type WriteFormat = (
  report: ReportStream,
  options: FormatOptions,
  say: (sentence: string) => void,
) => AsyncGenerator<string>;

/** The formats that a report can be printed in, in the order in which help names them. */
export const FORMATS = {
  text: (report, options) => whole(textReport)({ ...report, trails: withOpenFindings(report.trails) }, options),
  json: jsonReport,
  jsonl: jsonLines,
  csv: (report, { framework }) => (framework === undefined ? csvReport(report) : frameworkCsv(report, framework)),
  junit: whole(junitReport),
  sarif: (report, _, say) => sarifReport(report, say),
  asff: asffReport,
  ocsf: ocsfReport,
  html: whole((report, { framework }) => htmlReport(report, framework)),
} as const satisfies Readonly<Record<string, WriteFormat>>;

export type Format = keyof typeof FORMATS;

/** Those that hold a view by framework. */
export const BY_FRAMEWORK: readonly Format[] = ['csv', 'html'];

/** A format that needs every trail before its first line. */
function whole(
  write: (report: Report, options: FormatOptions) => Iterable<string>,
): (report: ReportStream, options: FormatOptions) => AsyncGenerator<string> {
  return async function* (report, options) {
    yield* write(await collectReport(report), options);
  };
}

/** Text shows no other findings: they need not be kept until the last trail is there. */
async function* withOpenFindings(trails: ReportStream['trails']): AsyncGenerator<TrailReport> {
  for await (const { explain: _, ...trail } of trails)
    yield { ...trail, findings: trail.findings.filter(({ status }) => status === 'fail' || status === 'unknown') };
}
