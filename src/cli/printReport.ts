import { type Counts, collectReport, count, emptyCounts, type ReportStream } from '../report/build.ts';
import type { TrailReport } from '../report/report.ts';
import type { TextOptions } from '../report/text.ts';
import { exitCode } from './exitCode.ts';
import { FORMATS } from './formats.ts';
import { type Io, warn } from './io.ts';
import type { EmptyOptions, FailOptions, ReportOptions, TrailReportOptions } from './options.ts';
import { writeResult } from './writeResult.ts';

/** Characters in a line where standard output is no terminal, and at most where it is one. */
const DEFAULT_WIDTH = 100;
const LONGEST_WIDTH = 140;

/** Writes a report in every form that the options name, counts the trails as they pass, and resolves to their numbers. */
export async function printReport(report: ReportStream, options: TrailReportOptions, io: Io): Promise<Counts> {
  const counts = emptyCounts();
  let isWhole = false;
  async function* counted() {
    for await (const trail of report.trails) {
      count(counts, trail);
      yield trail;
    }
    isWhole = true;
  }
  const text = textOptions(options, io);
  await writeResult(FORMATS[options.format]({ ...report, trails: counted() }, text), options.output, io);
  const forFile = { ...text, colour: false, width: DEFAULT_WIDTH };
  for (const { format, file } of options.report) await writeResult(FORMATS[format](report, forFile), file, io);
  // Where nobody reads on the rest is counted all the same, since the exit code must not depend on it.
  return isWhole ? counts : collectReport(report);
}

/** The exit code that a report alone leads to. */
export function verdictCode(
  { summary, standings }: Counts,
  { failOn }: FailOptions,
  keys: readonly TrailReport[] = [],
): number {
  const isFailing =
    failOn === null
      ? summary.NON_COMPLIANT > 0 || keys.some(({ complianceType }) => complianceType === 'NON_COMPLIANT')
      : failOn.some((standing) => standings[standing] > 0 || keys.some((key) => key.standing === standing));
  return isFailing ? exitCode.nonCompliant : exitCode.compliant;
}

/**
 * The exit code of a report on trails that had to be there. A report on nothing proves nothing.
 *
 * @param seen trails that were seen, replicas counted, whether or not the report holds them
 */
export function seenCode(counts: Counts, seen: number, options: FailOptions & EmptyOptions, io: Io): number {
  const reported = Object.values(counts.summary).reduce((sum, number) => sum + number, 0);
  if (options.allowEmpty || seen + reported > 0) return verdictCode(counts, options);
  warn(io, 'no trail was seen at all, so nothing is proved: `--allow-empty` accepts that');
  return exitCode.nonCompliant;
}

/** How text is laid out: coloured and as wide as the terminal only where it goes to one. */
export function textOptions(
  { output, color, quiet }: Pick<ReportOptions, 'output' | 'color' | 'quiet'>,
  io: Io,
): TextOptions {
  const terminal = output === undefined && io.stdout.isTTY;
  const width = terminal ? Math.min(io.stdout.columns || DEFAULT_WIDTH, LONGEST_WIDTH) : DEFAULT_WIDTH;
  return { colour: terminal && color && !io.env.NO_COLOR, quiet, width };
}
