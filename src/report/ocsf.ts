import { checkOf } from '../trail/checks/index.ts';
import type { FindingStatus, Severity } from '../trail/finding.ts';
import type { ReportStream } from './build.ts';
import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';
import { jsonList, observedAt, partitionOf, trailId, trailName } from './subject.ts';

/** The version of the Open Cybersecurity Schema Framework that the events follow. */
const OCSF_VERSION = '1.6.0';

/** The report as a JSON list of OCSF events (Compliance Finding, class 2003), one for each trail and check. */
export function ocsfReport(report: ReportStream): AsyncGenerator<string> {
  return jsonList('[', events(report), '\n]\n');
}

async function* events(report: ReportStream) {
  for await (const trail of report.trails) for (const finding of trail.findings) yield event(trail, finding, report);
}

function event(trail: TrailReport, finding: ReportFinding, about: ReportAbout) {
  const { check, message, remediation } = finding;
  const time = observedAt(about).getTime();
  const { title } = checkOf(check);
  return {
    class_uid: 2003,
    class_name: 'Compliance Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: 1,
    activity_name: 'Create',
    type_uid: 200301,
    type_name: 'Compliance Finding: Create',
    time,
    ...severityOf(finding),
    ...lifecycle(trail, finding),
    message: `${trailName(trail)}: ${message}`,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: { name: 'cloudtrail-kms-rule', vendor_name: 'cloudtrail-kms-rule', version: about.tool.version },
      event_code: check,
    },
    cloud: cloud(trail),
    finding_info: {
      uid: `${trail.address ?? trailId(trail)}/${check}`,
      title,
      desc: message,
      types: [check],
      created_time: time,
    },
    compliance: { ...complianceOf(finding), ...controls(finding) },
    ...(remediation === '' ? {} : { remediation: { desc: remediation } }),
    resources: resources(trail),
    unmapped: { compliance_type: trail.complianceType, annotation: trail.annotation, evidence: finding.evidence },
  };
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
  if (!isOpen(finding)) return { status_id: 4, status: 'Resolved' };
  return trail.standing === 'excepted' ? { status_id: 3, status: 'Suppressed' } : { status_id: 1, status: 'New' };
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

function controls({ check }: ReportFinding) {
  const all = checkOf(check).controls;
  if (all.length === 0) return {};
  const standards = [...new Set(all.map(({ framework }) => framework))];
  return { standards, requirements: all.map(({ framework, id }) => `${framework}: ${id}`) };
}

function cloud({ accountId, region, trailArn }: TrailReport) {
  return {
    provider: 'AWS',
    cloud_partition: partitionOf(trailArn),
    ...(region === null ? {} : { region }),
    ...(accountId === null ? {} : { account: { uid: accountId, type: 'AWS Account', type_id: 10 } }),
  };
}

function resources(trail: TrailReport) {
  const { kmsKeyArn, region, trailArn, location, address, keyAddress } = trail;
  const cloudPartition = { cloud_partition: partitionOf(trailArn ?? kmsKeyArn) };
  const place = location === undefined ? {} : { data: { address, ...location } };
  const common = { ...(region === null ? {} : { region }), ...cloudPartition };
  const theTrail = {
    uid: trailId(trail),
    ...named(address, trail.cdkPath),
    type: 'AWS::CloudTrail::Trail',
    ...common,
    ...place,
  };
  const key = kmsKeyArn ?? keyAddress ?? null;
  if (key === null) return [theTrail];
  const keyRegion = /^arn:[^:]+:kms:([^:]+):/.exec(key)?.[1];
  const where = keyRegion === undefined ? {} : { region: keyRegion };
  const names = named(keyAddress, trail.keyCdkPath);
  return [theTrail, { uid: key, ...names, type: 'AWS::KMS::Key', ...where, ...cloudPartition }];
}

/** What the author of a file calls a resource. */
const named = (address: string | null | undefined, path: string | null | undefined) =>
  address == null ? {} : { name: path ?? address };
