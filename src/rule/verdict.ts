import type { KeyFacts, TrailFacts } from '../trail/facts.ts';
import type { CheckId, Finding } from '../trail/finding.ts';
import { describeException, describeExpiry, describeFindings } from './annotation.ts';
import { applyExceptions } from './appliedExceptions.ts';
import { isDecisive, rank } from './checkIds.ts';
import type { TrailVerdict } from './evaluation.ts';
import { type Exceptions, exceptionsFor } from './exceptions.ts';
import type { RuleParameters } from './parameters.ts';

/** What the operator decides about verdicts; a part of the rule's parameters. */
export type VerdictOptions = Pick<RuleParameters, 'minimumSeverity' | 'whenUndecided' | 'exceptedVerdict'>;

/** The verdict on a trail: what its findings, the parameters and the exceptions make of it. */
export function judge(
  trail: TrailFacts,
  key: KeyFacts | null,
  findings: readonly Finding[],
  options: VerdictOptions,
  exceptions: Exceptions,
): TrailVerdict {
  const spoken = findings.map((finding) => shorten(finding, trail, key));
  return { trail, key, findings, ...decide(spoken, options, exceptionsFor(trail.arn, exceptions), trail.asOf) };
}

/** An annotation stands beside its trail, so the trail and its key need not spend their ARNs' room in it. */
function shorten(finding: Finding, trail: TrailFacts, key: KeyFacts | null): Finding {
  if (finding.status !== 'fail' && finding.status !== 'unknown') return finding;
  const message = finding.message.replaceAll(`\`${trail.arn}\``, 'this trail');
  return { ...finding, message: key?.arn ? message.replaceAll(`the key \`${key.arn}\``, 'the key') : message };
}

type Decision = Pick<TrailVerdict, 'complianceType' | 'annotation' | 'exception' | 'decidedBy'>;

function decide(findings: readonly Finding[], options: VerdictOptions, exceptions: Exceptions, at: Date): Decision {
  const sorted = findings.toSorted(gravestFirst);
  const failures = sorted.filter(({ status }) => status === 'fail');
  const undecided = sorted.filter(({ check, status }) => status === 'unknown' && isDecisive(check));
  const deciding = [
    ...failures.filter(({ severity }) => rank(severity) <= rank(options.minimumSeverity)),
    ...(options.whenUndecided === 'NON_COMPLIANT' ? undecided : []),
  ];
  const { remaining, inForce, expired } = applyExceptions(deciding, exceptions, at);
  const gone = expired === null ? '' : describeExpiry(expired);
  const others = [...failures, ...undecided].filter((finding) => finding !== remaining[0]);

  const decidedBy = checksOf(remaining);
  if (remaining[0]?.status === 'fail') {
    const annotation = describeFindings('', [remaining[0], ...others], gone);
    return { complianceType: 'NON_COMPLIANT', annotation, decidedBy };
  }
  if (remaining[0] !== undefined) {
    const annotation = describeFindings('UNDECIDED: ', [remaining[0], ...others], gone);
    return { complianceType: 'NON_COMPLIANT', annotation, decidedBy };
  }
  if (inForce !== null)
    return {
      complianceType: options.exceptedVerdict,
      annotation: describeException(inForce, deciding),
      exception: inForce,
    };
  if (undecided.length > 0)
    return {
      complianceType: 'COMPLIANT',
      annotation: describeFindings('UNDECIDED: ', [...undecided, ...failures]),
      decidedBy: checksOf(undecided),
    };
  return { complianceType: 'COMPLIANT', annotation: lesser(sorted) };
}

/** Nothing that a check found is kept silent, though it does not decide. */
function lesser(sorted: readonly Finding[]): string {
  const failures = sorted.filter(({ status }) => status === 'fail');
  if (failures.length > 0) return describeFindings('below the minimum severity: ', failures);
  const unknown = sorted.filter(({ status }) => status === 'unknown');
  return unknown.length > 0 ? describeFindings('not known: ', unknown) : '';
}

const checksOf = (findings: readonly Finding[]): readonly CheckId[] => findings.map(({ check }) => check);

/** Findings of one severity stay in the order of the registry, where causes come before their effects. */
const gravestFirst = (a: Finding, b: Finding): number => rank(a.severity) - rank(b.severity);
