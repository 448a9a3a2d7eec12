import { checkOf } from '../trail/checks/index.ts';
import type { FindingStatus, Severity } from '../trail/finding.ts';
import { entriesOf, type ReportStream } from './build.ts';
import { reportedControls } from './controlsOf.ts';
import { coverageEvents } from './ocsfCoverage.ts';
import { cloud, NEW, ocsfEvent, RESOLVED } from './ocsfEvent.ts';
import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';
import { isKeyAlone, jsonList, partitionOf, trailId, trailName } from './subject.ts';

/**
 * The report as a JSON list of OCSF events (Compliance Finding, class 2003): one for each place that was not read or has no
 * trail, then one for each trail and check.
 */
export function ocsfReport(report: ReportStream): AsyncGenerator<string> {
  return jsonList('[', events(report), '\n]\n');
}

async function* events(report: ReportStream) {
  yield* coverageEvents(report);
  for await (const trail of entriesOf(report))
    for (const finding of trail.findings) yield event(trail, finding, report);
}

function event(trail: TrailReport, finding: ReportFinding, about: ReportAbout) {
  const { check, message, remediation, evidence } = finding;
  const { complianceType, standing, annotation, owner, policySha256, change, trailArn } = trail;
  return ocsfEvent(about, {
    code: check,
    uid: `${trail.address ?? trailId(trail)}/${check}`,
    title: checkOf(check).title,
    message: `${trailName(trail)}: ${message}`,
    desc: message,
    state: { ...severityOf(finding), ...lifecycle(trail, finding) },
    cloud: cloud(trail, partitionOf(trailArn)),
    compliance: { ...complianceOf(finding), ...controls(trail, finding) },
    ...(remediation === '' ? {} : { remediation: { desc: remediation } }),
    resources: resources(trail),
    unmapped: {
      compliance_type: complianceType,
      standing,
      annotation,
      evidence,
      ...(owner === null ? {} : { owner }),
      ...(policySha256 === null ? {} : { policy_sha256: policySha256 }),
      ...(change === undefined ? {} : { change }),
    },
  });
}

const SEVERITIES: Readonly<Record<Severity, { readonly severity_id: number; readonly severity: string }>> = {
  LOW: { severity_id: 2, severity: 'Low' },
  MEDIUM: { severity_id: 3, severity: 'Medium' },
  HIGH: { severity_id: 4, severity: 'High' },
  CRITICAL: { severity_id: 5, severity: 'Critical' },
};

const isOpen = ({ status }: ReportFinding): boolean => status === 'fail' || status === 'unknown';

const severityOf = (finding: ReportFinding) =>
  isOpen(finding) ? SEVERITIES[finding.severity] : { severity_id: 1, severity: 'Informational' };

/** Where the finding stands: what passes needs nobody any more. */
function lifecycle(trail: TrailReport, finding: ReportFinding) {
  if (!isOpen(finding)) return RESOLVED;
  return trail.standing === 'excepted' ? { status_id: 3, status: 'Suppressed' } : NEW;
}

const COMPLIANCE: Readonly<Record<FindingStatus, { readonly status_id: number; readonly status: string }>> = {
  pass: { status_id: 1, status: 'Pass' },
  unknown: { status_id: 0, status: 'Unknown' },
  fail: { status_id: 3, status: 'Fail' },
  'not-applicable': { status_id: 99, status: 'Not Applicable' },
};

const complianceOf = ({ check, status, message }: ReportFinding) => ({
  control: check,
  ...COMPLIANCE[status],
  status_details: [message],
});

function controls({ eventDataStoreArn }: TrailReport, { check }: ReportFinding) {
  // The controls are about trails and their keys.
  const all = eventDataStoreArn === undefined ? reportedControls(checkOf(check)) : [];
  if (all.length === 0) return {};
  const standards = [...new Set(all.map(({ framework }) => framework))];
  return { standards, requirements: all.map(({ framework, id }) => `${framework}: ${id}`) };
}

function resources(trail: TrailReport) {
  const { kmsKeyArn, region, trailArn, location, address, keyAddress } = trail;
  const cloudPartition = { cloud_partition: partitionOf(trailArn ?? kmsKeyArn) };
  const place = location === undefined ? {} : { data: { address, ...location } };
  const common = { ...(region === null ? {} : { region }), ...cloudPartition };
  const theTrail = {
    uid: trailId(trail),
    ...named(address, trail.cdkPath),
    type: trail.eventDataStoreArn === undefined ? 'AWS::CloudTrail::Trail' : 'AWS::CloudTrail::EventDataStore',
    ...common,
    ...place,
  };
  const key = kmsKeyArn ?? keyAddress ?? null;
  if (key === null) return [theTrail];
  const keyRegion = /^arn:[^:]+:kms:([^:]+):/.exec(key)?.[1];
  const where = keyRegion === undefined ? {} : { region: keyRegion };
  const names = named(keyAddress, trail.keyCdkPath);
  const theKey = { uid: key, ...names, type: 'AWS::KMS::Key', ...where, ...cloudPartition };
  return isKeyAlone(trail) ? [{ ...theKey, ...place }] : [theTrail, theKey];
}

/** What the author of a file calls a resource. */
const named = (address: string | null | undefined, path: string | null | undefined) =>
  address == null ? {} : { name: path ?? address };
