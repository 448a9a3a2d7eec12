import { checkSource } from '../iac/checkSource.ts';
import { expandLoops } from '../iac/cloudformation/loops.ts';
import { isObject, type Json, type JsonObject, member } from '../iac/json.ts';
import type { Source } from '../iac/source/readSource.ts';
import type { ReportFinding, TrailReport } from '../report/report.ts';
import { NO_EXCEPTIONS } from '../rule/exceptions.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import { checkOf } from '../trail/checks/index.ts';
import { rank } from '../trail/severity.ts';
import { withProbes } from './hookKeys.ts';

/** A finding and the logical ids of the resources that it is about. */
export interface HookFinding extends ReportFinding {
  readonly resources: readonly string[];
}

/** What the hook found in one template or resource. */
export interface HookVerdict {
  readonly trails: readonly string[];
  /** Keys whose policy names CloudTrail. */
  readonly keys: readonly string[];
  /** Keys that are not judged. */
  readonly otherKeys: readonly string[];
  /** What blocks the operation, gravest first. */
  readonly blocking: readonly HookFinding[];
  /** Failures of what may not be created, because a condition is open. */
  readonly conditional: readonly HookFinding[];
  /** Failures below the minimum severity. */
  readonly lesser: readonly HookFinding[];
  readonly unknown: readonly HookFinding[];
  /** Annotations of trails that are undecided, where that is not compliant. */
  readonly undecided: readonly string[];
  readonly notes: readonly string[];
}

export interface HookRequest {
  readonly parameters: RuleParameters;
  readonly accountId: string;
  readonly region: string | null;
  readonly asOf: Date;
}

/**
 * Judges every trail of a template, and every key whose policy names CloudTrail.
 *
 * @throws InvalidSourceError
 */
export function judgeForHook(source: Extract<Source, { is: 'template' }>, request: HookRequest): HookVerdict {
  const { parameters, accountId, region, asOf } = request;
  const deployment = { accountId, region, parameters: {} };
  const expanded = expandLoops({ ...source, document: withoutDefaults(source.document) }, deployment);
  const { document, keys, opposites, otherKeys } = withProbes(expanded.document);
  const { trails: reports, notes } = checkSource(
    { ...expanded, document },
    { parameters, exceptions: NO_EXCEPTIONS, deployment, asOf },
  );
  const trails = reports.filter(({ address = '' }) => !keys.has(address) && !opposites.has(address));
  const mayBeAbsent = new Set(reports.flatMap(({ address = '' }) => opposites.get(address) ?? []));
  const probes = reports.filter(({ address = '' }) => keys.has(address));
  const findings = [
    ...trails.flatMap((report) => of(report, report.address ?? '', () => true)),
    ...probes.flatMap((report) => {
      const key = keys.get(report.address ?? '') ?? '';
      const ofKey = of(report, key, ({ check }) => checkOf(check).speaksOf === 'key');
      // A remedy would name the trail that was added, the check's own document names none.
      return ofKey.map((finding) => ({ ...finding, remediation: checkOf(finding.check).remediation }));
    }),
  ];
  const isCertain = ({ resources }: HookFinding): boolean => !resources.some((id) => mayBeAbsent.has(id));
  const failures = grouped(findings.filter((finding) => finding.status === 'fail' && isCertain(finding)));
  const blocks = ({ severity }: ReportFinding): boolean => rank(severity) <= rank(parameters.minimumSeverity);
  return {
    trails: trails.map(({ address = '' }) => address),
    keys: probes.map(({ address = '' }) => keys.get(address) ?? ''),
    otherKeys,
    blocking: failures.filter(blocks),
    conditional: grouped(findings.filter((finding) => finding.status === 'fail' && !isCertain(finding))),
    lesser: failures.filter((finding) => !blocks(finding)),
    unknown: grouped(findings.filter(({ status }) => status === 'unknown')),
    undecided: trails
      .filter(({ address = '' }) => !mayBeAbsent.has(address))
      .filter(isUndecided)
      .map(({ address, annotation }) => `\`${address}\`: ${annotation}`),
    notes,
  };
}

/** A deployment gives parameters values that the hook is not told: a default decides nothing. */
function withoutDefaults(document: JsonObject): JsonObject {
  const parameters = member(document, 'Parameters');
  if (!isObject(parameters)) return document;
  const open = Object.entries(parameters).map(([name, parameter]): readonly [string, Json] => {
    if (!isObject(parameter)) return [name, parameter];
    return [name, Object.fromEntries(Object.entries(parameter).filter(([property]) => property !== 'Default'))];
  });
  return { ...document, Parameters: Object.fromEntries(open) };
}

const of = (
  report: TrailReport,
  resource: string,
  wanted: (finding: ReportFinding) => boolean,
): readonly HookFinding[] => report.findings.filter(wanted).map((finding) => ({ ...finding, resources: [resource] }));

/** Gravest first; what is said of several resources in the same words is said once. */
function grouped(findings: readonly HookFinding[]): readonly HookFinding[] {
  const groups = new Map<string, HookFinding>();
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
