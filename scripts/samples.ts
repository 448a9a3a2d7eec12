/**
 * `npm start`: evaluates every sample of events/samples.json through the code that runs in Lambda, without an AWS
 * account, and prints one line a trail with the reason. Exits 1 when a verdict is not the expected one.
 */
import { readFile } from 'node:fs/promises';
import { createColors } from 'picocolors';
import { evaluateSnapshot } from '../src/cli/evaluate/evaluateSnapshot.ts';
import { parseSnapshot } from '../src/cli/snapshot/parse.ts';
import { collectReport } from '../src/report/build.ts';
import { openFindings } from '../src/report/order.ts';
import { printable } from '../src/report/printable.ts';
import type { TrailReport } from '../src/report/report.ts';
import { wrap } from '../src/report/wrap.ts';
import type { ComplianceType } from '../src/rule/evaluate/evaluation.ts';
import { NO_EXCEPTIONS, parseExceptions } from '../src/rule/exceptions/exceptions.ts';

interface Sample {
  readonly name: string;
  /** What the sample shows, in a few words. */
  readonly shows: string;
  readonly snapshot: string;
  readonly event?: string;
  readonly exceptions?: string;
  /** By the name of the trail. */
  readonly expected: Readonly<Record<string, ComplianceType>>;
}

const COLUMNS = { sample: 22, trail: 14, verdict: 16, why: 66 } as const;

const events = new URL('../events/', import.meta.url);
const colours = createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);

const readSample = (file: string) => readFile(new URL(file, events), 'utf8');

async function main(): Promise<number> {
  const { samples } = JSON.parse(await readSample('samples.json')) as { samples: readonly Sample[] };
  let trails = 0;
  let wrong = 0;
  console.log(row(['SAMPLE', 'TRAIL', 'VERDICT', 'WHY'].map(colours.bold)));
  for (const sample of samples) {
    const report = await evaluate(sample);
    for (const trail of report.trails) {
      trails += 1;
      printTrail(sample, trail);
    }
    const problems = problemsOf(sample, report.trails);
    wrong += problems.length;
    for (const problem of problems) console.log(colours.red(`  ✗ ${problem}`));
  }
  console.log();
  console.log(
    wrong === 0
      ? `${samples.length} samples, ${trails} trails: every verdict is the expected one`
      : `${samples.length} samples, ${trails} trails: ${wrong === 1 ? '1 verdict is not the expected one' : `${wrong} verdicts are not the expected ones`}`,
  );
  return wrong === 0 ? 0 : 1;
}

async function evaluate(sample: Sample) {
  const snapshot = parseSnapshot(await readSample(sample.snapshot), sample.snapshot);
  const now = new Date();
  const report = await evaluateSnapshot({
    snapshot,
    parameters: {},
    exceptions:
      sample.exceptions === undefined
        ? NO_EXCEPTIONS
        : parseExceptions(await readSample(sample.exceptions), snapshot.collectedAt ?? now),
    now,
    ...(sample.event === undefined ? {} : { event: JSON.parse(await readSample(sample.event)) as unknown }),
  });
  return collectReport(report);
}

function problemsOf({ expected }: Sample, trails: readonly TrailReport[]): readonly string[] {
  const actual = new Map(trails.map((trail) => [nameOf(trail), trail.complianceType]));
  const missing = Object.entries(expected)
    .filter(([name, verdict]) => actual.get(name) !== verdict)
    .map(([name, verdict]) => `${name}: expected ${verdict}, got ${actual.get(name) ?? 'no verdict'}`);
  const surplus = [...actual.keys()].filter((name) => !Object.hasOwn(expected, name));
  return [...missing, ...surplus.map((name) => `${name}: no verdict was expected`)];
}

function printTrail({ name, shows }: Sample, trail: TrailReport): void {
  const verdict = trail.complianceType;
  const colour = { COMPLIANT: colours.green, NON_COMPLIANT: colours.red, NOT_APPLICABLE: colours.dim }[verdict];
  wrap(printable(reason(trail) || `every check passes: ${shows}`), COLUMNS.why).forEach((line, index) => {
    console.log(index === 0 ? row([name, nameOf(trail), colour(verdict), line]) : row(['', '', '', line]));
  });
}

/** The gravest finding in full, where it decided; otherwise the annotation. */
function reason(trail: TrailReport): string {
  const [gravest] = openFindings(trail);
  if (gravest === undefined || trail.complianceType !== 'NON_COMPLIANT') return trail.annotation;
  return `${gravest.status === 'unknown' ? 'undecided: ' : ''}${gravest.check}: ${gravest.message}`;
}

function nameOf({ trailArn }: TrailReport): string {
  return trailArn?.slice(trailArn.indexOf('/') + 1) ?? '?';
}

function row([sample = '', trail = '', verdict = '', why = '']: readonly string[]): string {
  const cells = [pad(sample, COLUMNS.sample), pad(trail, COLUMNS.trail), pad(verdict, COLUMNS.verdict), why];
  return cells.join('').trimEnd();
}

/** Colours take no room. */
function pad(text: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a colour
  const length = text.replace(/\u001b\[\d+m/g, '').length;
  return text + ' '.repeat(Math.max(1, width - length));
}

process.exitCode = await main();
