import type { ReportFinding, TrailReport } from '../report/report.ts';
import { NO_EXCEPTIONS, stateOf } from '../rule/exceptions/exceptions.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import { rank } from '../trail/severity.ts';
import { withoutDefaults } from './cloudformation/withoutDefaults.ts';
import { noteOn } from './exceptions.ts';
import { checkSource } from './project/checkProject.ts';
import type { Source } from './source/readSource.ts';

/** A finding and the logical ids of the resources that it is about. */
export interface DeploymentFinding extends ReportFinding {
  readonly resources: readonly string[];
}

/** What is certain of one template or resource before it is deployed. */
export interface DeploymentVerdict {
  readonly trails: readonly string[];
  /** Keys whose policy names CloudTrail. */
  readonly keys: readonly string[];
  /** Keys that are not evaluated. */
  readonly otherKeys: readonly string[];
  /** What blocks the operation, gravest first. */
  readonly blocking: readonly DeploymentFinding[];
  /** Failures of what may not be created, because a condition is open. */
  readonly conditional: readonly DeploymentFinding[];
  /** Failures that decide nothing: their check is advisory, or an exception covers them and the rest is undecided. */
  readonly advisory: readonly DeploymentFinding[];
  /** Failures below the minimum severity. */
  readonly lesser: readonly DeploymentFinding[];
  readonly unknown: readonly DeploymentFinding[];
  /** Annotations of trails and keys whose failures an exception of their Metadata covers. */
  readonly excepted: readonly string[];
  /** Annotations of trails and keys that are undecided, where that is not compliant. */
  readonly undecided: readonly string[];
  readonly notes: readonly string[];
}

interface DeploymentRequest {
  readonly parameters: RuleParameters;
  readonly accountId: string;
  readonly region: string | null;
  readonly asOf: Date;
}

/**
 * Evaluates every trail of a template, and every key whose policy names CloudTrail. What blocks is certain whatever the
 * deployment gives the parameters.
 *
 * @throws InvalidSourceError
 */
export function evaluateDeployment(
  source: Extract<Source, { is: 'template' }>,
  { parameters, accountId, region, asOf }: DeploymentRequest,
): DeploymentVerdict {
  const { trails, keys, otherKeys, conditional, notes, exceptions, matchedExceptions } = checkSource(
    { ...source, document: withoutDefaults(source.document) },
    {
      parameters,
      exceptions: NO_EXCEPTIONS,
      deployment: { accountId, region, parameters: {} },
      asOf,
      everyKey: true,
      isOneStack: true,
    },
  );
  const mayBeAbsent = conditional();
  const all = [...trails, ...keys];
  const isExcepted = ({ standing }: TrailReport): boolean => standing === 'excepted';
  const evaluated = all.filter((one) => !isExcepted(one));
  const findings = evaluated.flatMap(findingsOf);
  const isCertain = ({ resources }: DeploymentFinding): boolean => !resources.some((id) => mayBeAbsent.has(id));
  const failing = findings.filter((finding) => finding.status === 'fail' && isCertain(finding));
  const isGrave = ({ severity }: ReportFinding): boolean => rank(severity) <= rank(parameters.minimumSeverity);
  const failed = new Set(evaluated.filter(({ standing }) => standing === 'non-compliant').map(addressOf));
  const decides = ({ check, resources }: DeploymentFinding): boolean =>
    !parameters.advisoryChecks.includes(check) && resources.some((id) => failed.has(id));
  return {
    trails: trails.map(addressOf),
    keys: keys.map(addressOf),
    otherKeys,
    blocking: grouped(failing.filter((finding) => isGrave(finding) && decides(finding))),
    conditional: grouped(findings.filter((finding) => finding.status === 'fail' && !isCertain(finding))),
    advisory: grouped(failing.filter((finding) => isGrave(finding) && !decides(finding))),
    lesser: grouped(failing.filter((finding) => !isGrave(finding))),
    unknown: grouped(findings.filter(({ status }) => status === 'unknown')),
    excepted: all.filter(isExcepted).map(annotated),
    undecided: evaluated.filter((one) => isUndecided(one) && !mayBeAbsent.has(addressOf(one))).map(annotated),
    notes: [
      ...notes,
      ...exceptions.flatMap((one) => noteOn(one, stateOf(one, matchedExceptions.has(one), asOf)) ?? []),
    ],
  };
}

const annotated = ({ address, annotation }: TrailReport): string => `\`${address}\`: ${annotation}`;

const addressOf = ({ address = '' }: TrailReport): string => address;

const findingsOf = (report: TrailReport): readonly DeploymentFinding[] =>
  report.findings.map((finding) => ({ ...finding, resources: [addressOf(report)] }));

/** Gravest first; what is said of several resources in the same words is said once. */
function grouped(findings: readonly DeploymentFinding[]): readonly DeploymentFinding[] {
  const groups = new Map<string, DeploymentFinding>();
  for (const finding of findings) {
    const id = JSON.stringify([finding.check, finding.status, finding.message]);
    const known = groups.get(id);
    const resources = [...new Set([...(known?.resources ?? []), ...finding.resources])];
    groups.set(id, { ...(known ?? finding), resources });
  }
  return [...groups.values()].toSorted((a, b) => rank(a.severity) - rank(b.severity));
}

const isUndecided = ({ standing, complianceType }: TrailReport): boolean =>
  standing === 'undecided' && complianceType === 'NON_COMPLIANT';
