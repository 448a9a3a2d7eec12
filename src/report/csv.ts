import { entriesOf, type ReportStream } from './build.ts';
import { outcomeOf, summarizeCoverage } from './coverage.ts';
import { printable } from './printable.ts';
import type { ReportAbout, TrailReport } from './report.ts';
import { sinceColumns } from './since.ts';

const HEADER = [
  'accountId',
  'region',
  'trailArn',
  'kmsKeyArn',
  'complianceType',
  'annotation',
  'check',
  'status',
  'severity',
  'message',
  'remediation',
  'statements',
  'dependsOn',
  'capturedAt',
  'address',
  'file',
  'line',
  'column',
  'cdkPath',
  'keyAddress',
  'keyCdkPath',
  'standing',
  'accountName',
  'owner',
  'policySha256',
  'controls',
  'factsAt',
  'evaluatedAt',
  'toolVersion',
  'change',
  'since',
  'sinceEvent',
  'sinceBy',
] as const;

/** RFC 4180 ends every line with both. */
const LINE_END = '\r\n';

/**
 * The report as comma-separated values (RFC 4180), one row for each trail and check, under a header.
 *
 * Lists are joined by single spaces, controls by semicolons. Places that were not read, and accounts without a trail, are
 * rows of their own, without a check. What a spreadsheet would take for a formula gets an apostrophe in front, and every
 * row is one line.
 */
export async function* csvReport(report: ReportStream): AsyncGenerator<string> {
  const about = { factsAt: report.factsAt ?? '', evaluatedAt: report.evaluatedAt, toolVersion: report.tool.version };
  yield csvLine(HEADER);
  const line = (row: Row): string => csvLine(HEADER.map((name) => ({ ...row, ...about })[name] ?? ''));
  for (const one of placesWithoutTrails(report)) yield line(one);
  for await (const trail of entriesOf(report)) yield rows(trail).map(line).join('');
}

type Row = Readonly<Partial<Record<(typeof HEADER)[number], string>>>;

/** Places that were not read, and accounts without a trail. */
export function placesWithoutTrails({ coverage }: ReportAbout): readonly Row[] {
  if (coverage === null) return [];
  const { unread, withoutTrail } = summarizeCoverage(coverage);
  return [
    ...unread.map((place) => ({
      accountId: place.accountId,
      accountName: place.name ?? '',
      region: place.region ?? '',
      status: outcomeOf(place),
      message: place.reason ?? '',
    })),
    ...withoutTrail.map(({ accountId, name }) => ({ accountId, accountName: name ?? '', status: 'without a trail' })),
  ];
}

function rows(trail: TrailReport): readonly Row[] {
  const { accountId, region, trailArn, kmsKeyArn, complianceType, annotation, address, location } = trail;
  const about = {
    accountId: accountId ?? '',
    region: region ?? '',
    trailArn: trailArn ?? '',
    kmsKeyArn: kmsKeyArn ?? '',
    complianceType,
    annotation,
    address: address ?? '',
    file: location?.file ?? '',
    line: `${location?.line ?? ''}`,
    column: `${location?.column ?? ''}`,
    cdkPath: trail.cdkPath ?? '',
    keyAddress: trail.keyAddress ?? '',
    keyCdkPath: trail.keyCdkPath ?? '',
    standing: trail.standing,
    change: trail.change ?? '',
    accountName: trail.accountName ?? '',
    owner: trail.owner ?? '',
    policySha256: trail.policySha256 ?? '',
    controls: trail.controls.map(({ framework, id }) => `${framework} ${id}`).join('; '),
  };
  return trail.findings.map(({ check, status, severity, message, remediation, evidence, since }) => {
    const { statements, dependsOn, capturedAt = '' } = evidence;
    const lists = { statements: statements.join(' '), dependsOn: dependsOn.join(' ') };
    return {
      ...about,
      check,
      status,
      severity,
      message,
      remediation,
      ...lists,
      capturedAt,
      ...sinceColumns(since),
    };
  });
}

/** One line of the file. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(field).join(',')}${LINE_END}`;

function field(text: string): string {
  const shown = withoutFormula(printable(text));
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/**
 * Spreadsheets evaluate a cell that begins so, full-width forms too (OWASP, CSV Injection). Where lists are separated by
 * semicolons they take one for the end of a cell.
 */
const withoutFormula = (text: string): string => text.replace(/(^|;)(?=\s*[=+\-@＝＋－＠])/g, "$1'");
