import type { CheckId, FindingStatus } from '../trail/finding.ts';
import type { DecidedControl } from '../trail/frameworks.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/** What the findings on a trail come to for a control; `excepted`: it is not met, and an exception covers the trail. */
export type ControlStatus = FindingStatus | 'excepted';

/** Whether a trail meets a control, and what shows it. */
export interface ControlResult {
  readonly status: ControlStatus;
  /** The checks whose findings decide. */
  readonly checks: readonly CheckId[];
  /** What they say, unless the control is met. */
  readonly reason: string;
  /** The oldest time of the facts behind them, ISO 8601; `null`: nobody says. */
  readonly evidenceAt: string | null;
}

/** One check that fails outweighs whatever is not known, and that whatever passes. */
const GRAVEST_FIRST: readonly FindingStatus[] = ['fail', 'unknown', 'pass'];

/** @param factsAt the time of facts that do not tell their own */
export function controlResult(control: DecidedControl, trail: TrailReport, factsAt: string | null): ControlResult {
  const findings = trail.findings.filter(({ check }) => control.checks.includes(check));
  const status = GRAVEST_FIRST.find((one) => findings.some((finding) => finding.status === one)) ?? 'not-applicable';
  const deciding = findings.filter((finding) => finding.status === status);
  const isOpen = status === 'fail' || status === 'unknown';
  const isExcepted = isOpen && trail.standing === 'excepted';
  return {
    status: isExcepted ? 'excepted' : status,
    checks: deciding.map(({ check }) => check),
    reason: isExcepted ? trail.annotation : isOpen ? messages(deciding) : '',
    evidenceAt: oldest(deciding) ?? factsAt,
  };
}

const messages = (findings: readonly ReportFinding[]): string =>
  findings.map(({ check, message }) => `${check}: ${message}`).join('; ');

/** Times in ISO 8601 sort as text. */
const oldest = (findings: readonly ReportFinding[]): string | null =>
  findings.flatMap(({ evidence: { capturedAt } }) => capturedAt ?? []).sort()[0] ?? null;
