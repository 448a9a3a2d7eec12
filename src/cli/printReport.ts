import { jsonReport } from '../report/json.ts';
import type { Report } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import { exitCode } from './exitCode.ts';
import { writeOutput } from './files.ts';
import { type Io, print } from './io.ts';
import type { ReportOptions } from './options.ts';

/** Characters in a line where standard output is no terminal, and at most where it is one. */
const DEFAULT_WIDTH = 100;
const LONGEST_WIDTH = 140;

/** Writes a report where and how the options say. */
export async function printReport(report: Report, options: ReportOptions, io: Io): Promise<void> {
  const pieces = rendered(report, options, io);
  if (options.output === undefined) await print(io, pieces);
  else await writeOutput(options.output, pieces);
}

function rendered(report: Report, { format, output, quiet, color }: ReportOptions, io: Io): Iterable<string> {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'text': {
      const terminal = output === undefined && io.stdout.isTTY === true;
      const width = terminal ? Math.min(io.stdout.columns ?? DEFAULT_WIDTH, LONGEST_WIDTH) : DEFAULT_WIDTH;
      return textReport(report, { colour: terminal && color && !io.env.NO_COLOR, quiet, width });
    }
  }
}

/** The exit code that a report alone leads to. */
export function verdictCode(report: Report): number {
  return report.summary.NON_COMPLIANT > 0 ? exitCode.nonCompliant : exitCode.compliant;
}
