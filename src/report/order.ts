import type { ComplianceType } from '../rule/evaluate/evaluation.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { FindingStatus, Severity } from '../trail/finding.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/** Gravest first. */
export const SEVERITIES: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
const STATUSES: readonly FindingStatus[] = ['fail', 'unknown', 'pass', 'not-applicable'];
const VERDICTS: readonly ComplianceType[] = ['NON_COMPLIANT', 'COMPLIANT', 'NOT_APPLICABLE'];

/** Asked for again by every part of a page. */
const known = new WeakMap<TrailReport, readonly ReportFinding[]>();

/** Findings that say something is wrong or not known, gravest first; not what no file can tell. */
export function openFindings(trail: TrailReport): readonly ReportFinding[] {
  const open = known.get(trail) ?? sortedOpen(trail);
  known.set(trail, open);
  return open;
}

function sortedOpen(trail: TrailReport): readonly ReportFinding[] {
  return trail.findings
    .filter(
      (finding) => (finding.status === 'fail' || finding.status === 'unknown') && !isLeftToDeployment(trail, finding),
    )
    .toSorted((a, b) => rank(a) - rank(b));
}

/** Of a trail in a file: whether only the deployed trail can tell. */
export const isLeftToDeployment = ({ location }: TrailReport, { check, status }: ReportFinding): boolean =>
  location !== undefined && status === 'unknown' && checkOf(check).isToldByDeployment === true;

function rank({ status, severity }: ReportFinding): number {
  return SEVERITIES.indexOf(severity) * STATUSES.length + STATUSES.indexOf(status);
}

/** Findings that say the same in the same words: a policy that cannot be read leaves a dozen checks unknown. */
export function sameReason(findings: readonly ReportFinding[]): readonly (readonly ReportFinding[])[] {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const reason = JSON.stringify([finding.status, finding.message, finding.remediation, finding.since]);
    groups.set(reason, [...(groups.get(reason) ?? []), finding]);
  }
  return [...groups.values()];
}

/** Trails gravest first, then by name. */
export function gravestFirst<T extends TrailReport>(trails: readonly T[]): readonly T[] {
  const graded = trails.map((trail) => ({ trail, gravity: gravity(trail) }));
  graded.sort((a, b) => a.gravity - b.gravity || compare(a.trail.trailArn ?? '', b.trail.trailArn ?? ''));
  return graded.map(({ trail }) => trail);
}

/** Trails by account; accounts and their trails gravest first, then by name. */
export function byAccount<T extends TrailReport>(trails: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const accounts = new Map<string, T[]>();
  for (const trail of gravestFirst(trails)) {
    const account = trail.accountId ?? 'unknown';
    const group = accounts.get(account);
    if (group === undefined) accounts.set(account, [trail]);
    else group.push(trail);
  }
  return accounts;
}

/** Smaller is graver. */
export function gravity(trail: TrailReport): number {
  const worst = openFindings(trail)[0];
  const ranks = SEVERITIES.length * STATUSES.length;
  return VERDICTS.indexOf(trail.complianceType) * (ranks + 1) + (worst === undefined ? ranks : rank(worst));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
