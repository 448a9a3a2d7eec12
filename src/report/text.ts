import { createColors } from 'picocolors';
import type { ComplianceType, Standing } from '../rule/evaluate/evaluation.ts';
import type { Severity } from '../trail/finding.ts';
import { OWNER_NAMES } from '../trail/owner.ts';
import { type Coverage, type CoveredAccount, outcomeOf, summarizeCoverage } from './coverage.ts';
import { byAccount, isLeftToDeployment, openFindings, sameReason } from './order.ts';
import { printable } from './printable.ts';
import type { BaselineChanges, Report, ReportFinding, TrailReport } from './report.ts';
import { sinceInWords } from './since.ts';
import { keyName, trailName } from './subject.ts';
import { wrap } from './wrap.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Leave out every trail that is not NON_COMPLIANT. */
  readonly quiet: boolean;
  /** Characters in a line. */
  readonly width: number;
}

type Colours = ReturnType<typeof createColors>;

/** The report for a person: grouped by account, gravest first, every open finding with its remedy. */
export function* textReport(report: Report, { colour, quiet, width }: TextOptions): Generator<string> {
  const colours = createColors(colour);
  const isShown = ({ complianceType }: TrailReport): boolean => !quiet || complianceType === 'NON_COMPLIANT';
  for (const [account, trails] of byAccount(report.trails.filter(isShown))) {
    const name = trails.find(({ accountName }) => accountName !== null)?.accountName ?? null;
    yield `${colours.bold(`Account ${printable(account)}${name === null ? '' : ` (${printable(name)})`}`)}\n\n`;
    for (const trail of trails) yield* trailLines(trail, colours, width);
    yield '\n';
  }
  const { keys = [], eventDataStores = [] } = report;
  const beside = [
    ['Keys for CloudTrail that no given trail uses', keys.filter(isShown)],
    ['Event data stores', eventDataStores.filter(isShown)],
  ] as const;
  for (const [title, shown] of beside) {
    if (shown.length === 0) continue;
    yield `${colours.bold(title)}\n\n`;
    for (const one of shown) yield* trailLines(one, colours, width);
    yield '\n';
  }
  const { COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE } = report.summary;
  if (quiet && NON_COMPLIANT === 0 && beside.every(([, shown]) => shown.length === 0)) return;
  yield* coverageLines(report.coverage, width);
  const total = report.trails.length;
  yield `${counted(total, 'trail')}: ${NON_COMPLIANT} NON_COMPLIANT, ${COMPLIANT} COMPLIANT, ${NOT_APPLICABLE} NOT_APPLICABLE\n`;
  const { undecided, excepted } = report.standings;
  if (undecided > 0)
    yield `${undecided} of them undecided: what would settle them stands beside their unknown checks\n`;
  if (excepted > 0) yield `${excepted} of them excepted\n`;
  if (report.changes !== undefined) yield* changeLines(report.changes, width);
  if (keys.length > 0)
    yield `${counted(keys.length, 'key')} that no given trail uses: ${failing(keys)} NON_COMPLIANT\n`;
  if (eventDataStores.length > 0)
    yield `${counted(eventDataStores.length, 'event data store')}: ${failing(eventDataStores)} NON_COMPLIANT\n`;
  yield* deploymentLines([...report.trails, ...keys], width);
  yield `Facts of ${report.factsAt ?? 'an unknown time'}, ${report.tool.name} ${report.tool.version}\n`;
}

const failing = (reports: readonly TrailReport[]): number =>
  reports.filter(({ complianceType }) => complianceType === 'NON_COMPLIANT').length;

function* trailLines(trail: TrailReport, colours: Colours, width: number): Generator<string> {
  const name = printable(trailName(trail));
  const verdict = trail.complianceType.padEnd('NOT_APPLICABLE'.length);
  const change = trail.change === undefined || trail.change === 'unchanged' ? '' : ` ${colours.bold(trail.change)}`;
  const standing = SAID_BY_VERDICT.has(trail.standing) ? '' : ` ${colours.yellow(trail.standing)}`;
  yield `  ${verdictColour(colours, trail.complianceType)(verdict)}  ${colours.bold(name)}${standing}${change}\n`;
  if (trail.trailArn !== null && trail.address !== undefined) yield `${MARGIN}${printable(trail.trailArn)}\n`;
  const key = [keyName(trail), trail.kmsKeyArn].filter((part) => part !== null);
  if (key.length > 0) yield `${MARGIN}key ${printable(key.join(', '))}\n`;
  if (trail.owner !== null && trail.location === undefined) yield `${MARGIN}owner ${OWNER_NAMES[trail.owner]}\n`;
  if (trail.location !== undefined) yield `${MARGIN}${placeOf(trail.location)}\n`;
  const findings = openFindings(trail);
  // The annotation of a failing trail repeats its gravest finding; of the others it is the only explanation.
  if (trail.annotation !== '' && (trail.complianceType !== 'NON_COMPLIANT' || findings.length === 0)) {
    yield* block(trail.annotation, width);
  }
  for (const group of sameReason(findings)) yield* groupLines(group, colours, width);
}

/** Standings for which AWS Config has a word of its own. */
const SAID_BY_VERDICT: ReadonlySet<Standing> = new Set(['compliant', 'non-compliant', 'not-applicable']);

/** Which places were not read, and where no trail lives; nothing where all was read and has one. */
function* coverageLines(coverage: Coverage | null, width: number): Generator<string> {
  if (coverage === null) return;
  const { accounts, read, unread, withoutTrail } = summarizeCoverage(coverage);
  if (accounts < 2 && unread.length + withoutTrail.length === 0) return;
  const places = `${counted(accounts, 'account')}, ${counted(read, 'Region')} read, ${unread.length} not read`;
  yield `Coverage: ${places}, ${counted(withoutTrail.length, 'account')} without a trail\n`;
  for (const place of unread) {
    const where = [nameOf(place), place.region].filter(Boolean).join(' ');
    yield* wrapped(`${where}: ${outcomeOf(place)}${place.reason === null ? '' : `: ${place.reason}`}`, width);
  }
  if (withoutTrail.length > 0) yield* wrapped(`without a trail: ${withoutTrail.map(nameOf).join(', ')}`, width);
  yield '\n';
}

/** Once, and not beside each trail. */
function* deploymentLines(trails: readonly TrailReport[], width: number): Generator<string> {
  const left = trails.flatMap((trail) => trail.findings.filter((finding) => isLeftToDeployment(trail, finding)));
  const checks = [...new Set(left.map(({ check }) => check))];
  if (checks.length === 0) return;
  const text = `What only the deployed trail can tell is left open (${checks.join(', ')}): \`cloudtrail-kms scan\` tells it.`;
  for (const line of wrap(text, width)) yield `${line}\n`;
}

function* changeLines({ since, gone, ...counts }: BaselineChanges, width: number): Generator<string> {
  const { fixed, unchanged } = counts;
  yield `Since ${since ?? 'the baseline'}: ${counts.new} new, ${fixed} fixed, ${gone.length} gone, ${unchanged} unchanged\n`;
  if (gone.length > 0) yield* wrapped(`gone: ${gone.join(', ')}`, width);
}

const nameOf = ({ accountId, name }: Pick<CoveredAccount, 'accountId' | 'name'>): string =>
  name === null ? accountId : `${accountId} (${name})`;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function* wrapped(text: string, width: number): Generator<string> {
  for (const line of wrap(printable(text), width - 2)) yield `  ${line}\n`;
}

/** A place that editors and terminals open. */
const placeOf = ({ file, line, column }: NonNullable<TrailReport['location']>): string =>
  `${printable(file)}:${line}:${column}`;

/** Two spaces, the longest verdict, two spaces. */
const MARGIN = ' '.repeat(2 + 'NOT_APPLICABLE'.length + 2);

function* groupLines(group: readonly ReportFinding[], colours: Colours, width: number): Generator<string> {
  for (const { severity, status, check } of group) {
    const label = severityColour(colours, severity)(severity.padEnd('CRITICAL'.length));
    yield `${MARGIN}${label}  ${status === 'unknown' ? 'unknown' : 'fails  '}  ${check}\n`;
  }
  const [first] = group;
  if (first === undefined) return;
  yield* block(first.message, width, '  ');
  if (first.since) yield* block(sinceInWords(first.since), width, '  ');
  if (first.remediation !== '') yield* block(`→ ${first.remediation}`, width, '  ');
}

function* block(text: string, width: number, indent = ''): Generator<string> {
  const margin = MARGIN + indent;
  for (const line of wrap(printable(text), Math.max(40, width - margin.length))) yield `${margin}${line}\n`;
}

function verdictColour(colours: Colours, verdict: ComplianceType) {
  switch (verdict) {
    case 'COMPLIANT':
      return colours.green;
    case 'NON_COMPLIANT':
      return colours.red;
    case 'NOT_APPLICABLE':
      return colours.dim;
  }
}

function severityColour(colours: Colours, severity: Severity) {
  return severity === 'CRITICAL' || severity === 'HIGH' ? colours.red : colours.yellow;
}
