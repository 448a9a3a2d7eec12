import { entriesOf, type ReportStream } from './build.ts';
import { printable } from './printable.ts';
import type { TrailReport } from './report.ts';

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
] as const;

/** RFC 4180 ends every line with both. */
const LINE_END = '\r\n';

/**
 * The report as comma-separated values (RFC 4180), one row for each trail and check, under a header.
 *
 * Lists are joined by single spaces. What a spreadsheet would take for a formula gets an apostrophe in front, and every
 * row is one line.
 */
export async function* csvReport(report: ReportStream): AsyncGenerator<string> {
  yield row(HEADER);
  for await (const trail of entriesOf(report)) yield rows(trail).map(row).join('');
}

function rows(trail: TrailReport): readonly (readonly string[])[] {
  const { accountId, region, trailArn, kmsKeyArn, complianceType, annotation, address, location } = trail;
  const { cdkPath, keyAddress, keyCdkPath } = trail;
  const about = [accountId ?? '', region ?? '', trailArn ?? '', kmsKeyArn ?? '', complianceType, annotation];
  const place = [address ?? '', location?.file ?? '', `${location?.line ?? ''}`, `${location?.column ?? ''}`];
  const names = [cdkPath ?? '', keyAddress ?? '', keyCdkPath ?? ''];
  return trail.findings.map(({ check, status, severity, message, remediation, evidence }) => {
    const { statements, dependsOn, capturedAt } = evidence;
    const reasons = [statements.join(' '), dependsOn.join(' '), capturedAt ?? ''];
    return [...about, check, status, severity, message, remediation, ...reasons, ...place, ...names];
  });
}

const row = (fields: readonly string[]): string => `${fields.map(field).join(',')}${LINE_END}`;

function field(text: string): string {
  const shown = withoutFormula(printable(text));
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/**
 * Spreadsheets evaluate a cell that begins so, full-width forms too (OWASP, CSV Injection). Where lists are separated by
 * semicolons they take one for the end of a cell.
 */
const withoutFormula = (text: string): string => text.replace(/(^|;)(?=\s*[=+\-@＝＋－＠])/g, "$1'");
