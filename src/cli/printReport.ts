import { againstBaseline, parseBaseline } from '../report/baseline.ts';
import { besideTrails, type ReportStream } from '../report/build.ts';
import type { TrailReport } from '../report/report.ts';
import type { TextOptions } from '../report/text.ts';
import { BadInput } from './errors.ts';
import { exitCode } from './exitCode.ts';
import { readInput } from './files.ts';
import { FORMATS } from './formats.ts';
import { type Io, warn } from './io.ts';
import { parseJsonOrLines } from './json.ts';
import type { EmptyOptions, FailOptions, ReportOptions, TrailReportOptions } from './options.ts';
import { writeResult } from './writeResult.ts';

/** Characters in a line where standard output is no terminal, and at most where it is one. */
const DEFAULT_WIDTH = 100;
const LONGEST_WIDTH = 140;

/** What of a report counts for the exit code. */
interface Printed {
  readonly trails: number;
  /** Trails, and what stands beside them, that make it 1. */
  readonly failing: number;
}

/** Writes a report in every form that the options name. */
export async function printReport(given: ReportStream, options: TrailReportOptions, io: Io): Promise<Printed> {
  const report = await withBaseline(given, options, io);
  const text = { ...textOptions(options, io), framework: options.framework };
  let printed = NOTHING;
  let isWhole = false;
  async function* counted() {
    for await (const trail of report.trails) {
      printed = plus(printed, trail, options);
      yield trail;
    }
    isWhole = true;
  }
  const say = (sentence: string): void => warn(io, sentence);
  await writeResult(FORMATS[options.format]({ ...report, trails: counted() }, text, say), options.output, io);
  const forFile = { ...text, colour: false, width: DEFAULT_WIDTH };
  for (const { format, file } of options.report) await writeResult(FORMATS[format](report, forFile, say), file, io);
  if (!isWhole) {
    // Nobody read on: the rest is counted all the same, since the exit code must not depend on it.
    printed = NOTHING;
    for await (const trail of report.trails) printed = plus(printed, trail, options);
  }
  const beside = besideTrails(report).filter((one) => isFailure(one, options)).length;
  return { ...printed, failing: printed.failing + beside };
}

const NOTHING: Printed = { trails: 0, failing: 0 };

const plus = ({ trails, failing }: Printed, trail: TrailReport, options: FailOptions): Printed => ({
  trails: trails + 1,
  failing: failing + Number(isFailure(trail, options)),
});

async function withBaseline(report: ReportStream, { baseline: file, newOnly }: TrailReportOptions, io: Io) {
  if (file === undefined) {
    if (newOnly) throw new BadInput('`--new-only` goes with `--baseline`');
    return report;
  }
  const baseline = parseBaseline(parseJsonOrLines(await readInput(io, file), file));
  if (baseline === null)
    throw new BadInput(
      `baseline \`${file}\` is no JSON report, accepted is what \`--format json\` or \`--format jsonl\` wrote`,
    );
  return againstBaseline(report, baseline);
}

/** The exit code that a report alone leads to. */
export const verdictCode = ({ failing }: Pick<Printed, 'failing'>): number =>
  failing > 0 ? exitCode.nonCompliant : exitCode.compliant;

/** Whether a trail or key makes the exit code 1. */
export function isFailure(
  { complianceType, standing, change }: Pick<TrailReport, 'complianceType' | 'standing' | 'change'>,
  { failOn, newOnly }: FailOptions,
): boolean {
  if (newOnly && change !== 'new') return false;
  return failOn === null ? complianceType === 'NON_COMPLIANT' : failOn.includes(standing);
}

/**
 * The exit code of a report on trails that had to be there. A report on nothing proves nothing.
 *
 * @param seen trails that were seen, replicas counted, whether or not the report holds them
 */
export function seenCode(printed: Printed, seen: number, { allowEmpty }: EmptyOptions, io: Io): number {
  if (allowEmpty || seen + printed.trails > 0) return verdictCode(printed);
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
