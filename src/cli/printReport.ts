import { collectReport, emptySummary, type ReportStream } from '../report/build.ts';
import type { Report, TrailReport } from '../report/report.ts';
import type { TextOptions } from '../report/text.ts';
import { exitCode } from './exitCode.ts';
import { FORMATS } from './formats.ts';
import { type Io, warn } from './io.ts';
import type { ReportOptions } from './options.ts';
import { version } from './version.ts';
import { writeResult } from './writeResult.ts';

/** Characters in a line where standard output is no terminal, and at most where it is one. */
const DEFAULT_WIDTH = 100;
const LONGEST_WIDTH = 140;

/** Writes a report where and how the options say, counts the verdicts as they pass, and resolves to their summary. */
export async function printReport(report: ReportStream, options: ReportOptions, io: Io): Promise<Report['summary']> {
  const summary = emptySummary();
  let isWhole = false;
  async function* counted() {
    for await (const trail of report.trails) {
      summary[trail.complianceType] += 1;
      yield trail;
    }
    isWhole = true;
  }
  const context = { generatedAt: io.now(), version, text: textOptions(options, io) };
  await writeResult(FORMATS[options.format]({ ...report, trails: counted() }, context), options.output, io);
  // Where nobody reads on the rest is counted all the same, since the exit code must not depend on it.
  return isWhole ? summary : (await collectReport(report)).summary;
}

/** The exit code that a report alone leads to. */
export function verdictCode(summary: Report['summary'], keys: readonly TrailReport[] = []): number {
  const isFailing = summary.NON_COMPLIANT > 0 || keys.some(({ complianceType }) => complianceType === 'NON_COMPLIANT');
  return isFailing ? exitCode.nonCompliant : exitCode.compliant;
}

/**
 * The exit code of a report on trails that had to be there. A report on nothing proves nothing.
 *
 * @param seen trails that were seen, replicas counted, whether or not the report holds them
 */
export function seenCode(summary: Report['summary'], seen: number, allowEmpty: boolean, io: Io): number {
  const reported = Object.values(summary).reduce((sum, count) => sum + count, 0);
  if (allowEmpty || seen + reported > 0) return verdictCode(summary);
  warn(io, 'no trail was seen at all, so nothing is proved: `--allow-empty` accepts that');
  return exitCode.nonCompliant;
}

/** How text is laid out: coloured and as wide as the terminal only where it goes to one. */
export function textOptions({ output, color, quiet }: ReportOptions, io: Io): TextOptions {
  const terminal = output === undefined && io.stdout.isTTY;
  const width = terminal ? Math.min(io.stdout.columns || DEFAULT_WIDTH, LONGEST_WIDTH) : DEFAULT_WIDTH;
  return { colour: terminal && color && !io.env.NO_COLOR, quiet, width };
}
