import type { TrailReport } from '../report/report.ts';
import { describeFindings } from '../rule/evaluate/annotation.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { Finding } from '../trail/finding.ts';
import { rank } from '../trail/severity.ts';
import type { EvaluatedSource } from './evaluateSource.ts';

/** The annotation of a trail that fails under one value of a parameter, which is more than undecided; `null`: there is no such value. */
export function whereItFails(
  standing: TrailReport['standing'],
  { findings, failSomewhere, wording }: EvaluatedSource,
  { minimumSeverity }: RuleParameters,
): string | null {
  if (standing !== 'undecided' && standing !== 'compliant') return null;
  const counts = ({ check, severity }: Finding): boolean =>
    failSomewhere.has(check) && rank(severity) <= rank(minimumSeverity);
  const first = findings.filter(counts).toSorted((a, b) => rank(a.severity) - rank(b.severity));
  if (first.length === 0) return null;
  const rest = findings.filter(({ check, status }) => status === 'unknown' && checkOf(check).isDecisive);
  const told = [...new Set([...first, ...rest])];
  return describeFindings(standing === 'undecided' ? 'UNDECIDED: ' : 'not known: ', told, wording);
}
