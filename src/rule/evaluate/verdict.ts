import { checkOf } from '../../trail/checks/index.ts';
import type { KeyFacts, TrailFacts } from '../../trail/facts.ts';
import type { Finding } from '../../trail/finding.ts';
import { COMMAND_LINE, type Wording } from '../../trail/remedy/remedy.ts';
import { rank } from '../../trail/severity.ts';
import { applyExceptions } from '../exceptions/appliedExceptions.ts';
import { type Exceptions, exceptionsFor } from '../exceptions/exceptions.ts';
import type { RuleParameters } from '../parameters.ts';
import { describeException, describeExpiry, describeFindings } from './annotation.ts';
import type { TrailVerdict } from './evaluation.ts';

/** What the operator decides about verdicts; a part of the rule's parameters. */
export type VerdictOptions = Pick<
  RuleParameters,
  'minimumSeverity' | 'whenUndecided' | 'advisoryChecks' | 'exceptedVerdict'
>;

/** The verdict on a trail: what its findings, the parameters and the exceptions, of which some are for it, make of it. */
export const verdictOf = (
  trail: TrailFacts,
  key: KeyFacts | null,
  findings: readonly Finding[],
  options: VerdictOptions,
  exceptions: Exceptions,
): TrailVerdict => verdictBy(trail, key, findings, options, exceptionsFor(trail.arn, exceptions));

/**
 * @param own the exceptions that are for this trail
 * @param wording how the annotation tells what to do
 */
export function verdictBy(
  trail: TrailFacts,
  key: KeyFacts | null,
  findings: readonly Finding[],
  options: VerdictOptions,
  own: Exceptions,
  wording: Wording = COMMAND_LINE,
): TrailVerdict {
  const open = findings.filter(({ status }) => status === 'fail' || status === 'unknown');
  const sorted = open.toSorted(gravestFirst);
  return {
    trail,
    key,
    findings,
    ...decide(sorted, options, own, trail.asOf, wording),
  };
}

type Decision = Pick<TrailVerdict, 'standing' | 'complianceType' | 'annotation' | 'exception' | 'decidedBy'>;

/** @param sorted what fails or is unknown, gravest first */
function decide(
  sorted: readonly Finding[],
  { minimumSeverity, whenUndecided, advisoryChecks, exceptedVerdict }: VerdictOptions,
  exceptions: Exceptions,
  at: Date,
  wording: Wording,
): Decision {
  const failures = sorted.filter(({ status }) => status === 'fail');
  const undecided = sorted.filter(({ check, status }) => status === 'unknown' && checkOf(check).isDecisive);
  const grave = failures.filter(({ severity }) => rank(severity) <= rank(minimumSeverity));
  const deciding = [...grave, ...undecided].filter(({ check }) => !advisoryChecks.includes(check));
  const { remaining, inForce, expired } = applyExceptions(deciding, exceptions, at);

  const [gravest] = remaining;
  if (gravest !== undefined) {
    const standing = gravest.status === 'fail' ? 'non-compliant' : 'undecided';
    const complianceType = standing === 'undecided' ? whenUndecided : 'NON_COMPLIANT';
    const open = complianceType === 'COMPLIANT' ? [...undecided, ...failures] : [...failures, ...undecided];
    const told = [gravest, ...open.filter((finding) => finding !== gravest)];
    const prefix = standing === 'undecided' ? 'UNDECIDED: ' : '';
    const annotation = describeFindings(prefix, told, wording, expired === null ? '' : describeExpiry(expired));
    const decidedBy = remaining.filter(({ status }) => status === gravest.status || whenUndecided === 'NON_COMPLIANT');
    return { standing, complianceType, annotation, decidedBy: decidedBy.map(({ check }) => check) };
  }
  if (inForce !== null) {
    const annotation = describeException(inForce, deciding);
    return { standing: 'excepted', complianceType: exceptedVerdict, annotation, exception: inForce };
  }
  return { standing: 'compliant', complianceType: 'COMPLIANT', annotation: lesser(sorted, grave.length > 0, wording) };
}

/**
 * Nothing that a check found is kept silent, though it does not decide.
 *
 * @param isAdvisory whether one of the failures would decide, were its check not an advisory one
 */
function lesser(sorted: readonly Finding[], isAdvisory: boolean, wording: Wording): string {
  const failures = sorted.filter(({ status }) => status === 'fail');
  const prefix = isAdvisory ? 'advisory: ' : 'below the minimum severity: ';
  if (failures.length > 0) return describeFindings(prefix, failures, wording);
  const unknown = sorted.filter(({ status }) => status === 'unknown');
  return unknown.length > 0 ? describeFindings('not known: ', unknown, wording) : '';
}

/** Findings of one severity stay in the order of the registry, where causes come before their effects. */
const gravestFirst = (a: Finding, b: Finding): number => rank(a.severity) - rank(b.severity);
