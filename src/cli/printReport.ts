import { collectReport, type ReportStream } from '../report/build.ts';
import { jsonReport } from '../report/json.ts';
import { openFindings } from '../report/order.ts';
import type { Report, TrailReport } from '../report/report.ts';
import { type TextOptions, textReport } from '../report/text.ts';
import { inBlocks } from './blocks.ts';
import { exitCode } from './exitCode.ts';
import { writeOutput } from './files.ts';
import { type Io, print } from './io.ts';
import type { ReportOptions } from './options.ts';

/** Characters in a line where standard output is no terminal, and at most where it is one. */
const DEFAULT_WIDTH = 100;
const LONGEST_WIDTH = 140;

/** Behind /dev/stdout may be a log that others write to as well: it must not be replaced. */
const STANDARD_OUTPUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

/** Writes a report where and how the options say, and resolves to its summary. */
export async function printReport(report: ReportStream, options: ReportOptions, io: Io): Promise<Report['summary']> {
  switch (options.format) {
    case 'json': {
      let summary: Report['summary'] | undefined;
      await write(
        (async function* () {
          summary = yield* jsonReport(report);
        })(),
        options,
        io,
      );
      // Left undefined only where nobody reads on: the rest is counted, since the exit code must not depend on it.
      return summary ?? (await collectReport(report)).summary;
    }
    case 'text': {
      const whole = await collectReport({ trails: withOpenFindings(report.trails) });
      await write(textReport(whole, textOptions(options, io)), options, io);
      return whole.summary;
    }
  }
}

/** The exit code that a report alone leads to. */
export function verdictCode(summary: Report['summary']): number {
  return summary.NON_COMPLIANT > 0 ? exitCode.nonCompliant : exitCode.compliant;
}

function write(pieces: Iterable<string> | AsyncIterable<string>, { output }: ReportOptions, io: Io): Promise<void> {
  const blocks = inBlocks(pieces);
  return output === undefined || STANDARD_OUTPUT.has(output) ? print(io, blocks) : writeOutput(output, blocks);
}

/** Text shows no other findings: they need not be kept until the last trail is there. */
async function* withOpenFindings(trails: ReportStream['trails']): AsyncGenerator<TrailReport> {
  for await (const trail of trails) yield { ...trail, findings: openFindings(trail) };
}

/** How text is laid out: coloured and as wide as the terminal only where it goes to one. */
export function textOptions({ output, color, quiet }: ReportOptions, io: Io): TextOptions {
  const terminal = output === undefined && io.stdout.isTTY === true;
  const width = terminal ? Math.min(io.stdout.columns || DEFAULT_WIDTH, LONGEST_WIDTH) : DEFAULT_WIDTH;
  return { colour: terminal && color && !io.env.NO_COLOR, quiet, width };
}
