import { clip } from '../rule/annotation.ts';
import { InvalidInputError } from '../rule/errors.ts';
import { controlsOf } from '../trail/controls.ts';
import type { Finding } from '../trail/finding.ts';
import type { ReportStream } from './build.ts';
import { openFindings } from './order.ts';
import type { TrailReport } from './report.ts';
import { isExcepted, jsonList, partitionOf, type ReportOrigin, trailName } from './subject.ts';

/** Longest values that BatchImportFindings takes (AWS Security Hub User Guide, Required and optional top-level ASFF attributes). */
const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 1024;
const REMEDIATION_LENGTH = 512;
const FIELD_LENGTH = 2048;
const REQUIREMENT_LENGTH = 64;
const REQUIREMENTS = 32;

const GENERATOR = 'cloudtrail-kms-rule';
const TYPES = ['Software and Configuration Checks/AWS Security Best Practices'];
const HOW_TO = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html';

/** What an import of findings needs beside the trail. */
export interface AsffOrigin extends ReportOrigin {
  /** The account and Region that import, where they are not the trail's own: a central account. */
  readonly importer?: { readonly accountId: string; readonly region: string };
}

/**
 * The report as input of BatchImportFindings (AWS Security Finding Format 2018-10-08), one finding for each trail.
 *
 * The API takes 100 findings a call: a longer list is cut by whoever sends it.
 *
 * @throws InvalidInputError when the account or the Region of a trail is not known
 */
export function asffReport({ trails }: ReportStream, origin: AsffOrigin): AsyncGenerator<string> {
  return jsonList('{"Findings":[', findings(trails, origin), '\n]}\n');
}

async function* findings(trails: ReportStream['trails'], origin: AsffOrigin) {
  for await (const trail of trails) yield asffFinding(trail, origin);
}

/** A trail as one finding. Its id is the trail's, so that a later import updates it; Workflow stays the customer's. */
export function asffFinding(trail: TrailReport, { generatedAt, version, importer }: AsffOrigin) {
  const home = homeOf(trail);
  const { accountId, region } = importer ?? home;
  const partition = partitionOf(trail.trailArn);
  const at = generatedAt.toISOString();
  const status = statusOf(trail);
  const deciding = decidingFinding(trail, status);
  const severity = { Label: deciding?.severity ?? 'INFORMATIONAL' };
  const name = trailName(trail);
  return {
    SchemaVersion: '2018-10-08',
    Id: `${name}/${GENERATOR}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${accountId}:product/${accountId}/default`,
    GeneratorId: GENERATOR,
    AwsAccountId: accountId,
    Region: region,
    Types: TYPES,
    CreatedAt: at,
    UpdatedAt: at,
    LastObservedAt: at,
    Severity: severity,
    FindingProviderFields: { Severity: severity, Types: TYPES },
    Title: clip(
      `CloudTrail trail ${shortName(name)} should use a KMS key that works and keeps others out`,
      TITLE_LENGTH,
    ),
    Description: clip(describe(trail), DESCRIPTION_LENGTH),
    Remediation: { Recommendation: { Text: clip(adviceFor(deciding), REMEDIATION_LENGTH), Url: HOW_TO } },
    ProductFields: productFields(trail, version),
    Resources: resources(trail, home.region),
    Compliance: { Status: status, RelatedRequirements: requirements(trail) },
    RecordState: trail.complianceType === 'NOT_APPLICABLE' && !isExcepted(trail) ? 'ARCHIVED' : 'ACTIVE',
  };
}

function homeOf(trail: TrailReport): { readonly accountId: string; readonly region: string } {
  const { accountId, region } = trail;
  if (accountId !== null && region !== null) return { accountId, region };
  const problem = `is \`asff\`, which needs the account and the Region of every trail, and \`${trailName(trail)}\` does not tell both`;
  throw new InvalidInputError('--format', `${problem}: give \`--account-id\` and \`--region\``);
}

type ComplianceStatus = 'PASSED' | 'WARNING' | 'FAILED' | 'NOT_AVAILABLE';

function statusOf(trail: TrailReport): ComplianceStatus {
  if (isExcepted(trail) || trail.complianceType === 'NOT_APPLICABLE') return 'NOT_AVAILABLE';
  if (trail.annotation.startsWith('UNDECIDED: ')) return 'WARNING';
  return trail.complianceType === 'NON_COMPLIANT' ? 'FAILED' : 'PASSED';
}

/** The gravest finding that stands behind the status. */
function decidingFinding(trail: TrailReport, status: ComplianceStatus): Finding | undefined {
  const open = openFindings(trail);
  if (status === 'FAILED') return open.find((finding) => finding.status === 'fail');
  return status === 'WARNING' ? open.find((finding) => finding.status === 'unknown') : undefined;
}

function describe(trail: TrailReport): string {
  const open = openFindings(trail).map(({ check, status, message }) => `${check} (${status}): ${message}`);
  const said = isExcepted(trail) || open.length === 0 ? [trail.annotation, ...open] : open;
  const text = said.filter((part) => part !== '').join('; ');
  return text === '' ? 'Every check that applies to the trail passes.' : text;
}

/** A recommendation must not be empty. */
const adviceFor = (deciding: Finding | undefined): string => deciding?.remediation || 'Nothing is to be done.';

function productFields({ complianceType, findings: all, annotation }: TrailReport, version: string) {
  const named = (status: Finding['status']) => all.filter((finding) => finding.status === status);
  const list = (status: Finding['status']) =>
    clip(
      named(status)
        .map(({ check }) => check)
        .join(', '),
      FIELD_LENGTH,
    );
  const fields = {
    version,
    complianceType,
    annotation: clip(annotation, FIELD_LENGTH),
    failedChecks: list('fail'),
    unknownChecks: list('unknown'),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [`${GENERATOR}/${name}`, value]));
}

function resources(trail: TrailReport, region: string) {
  const { trailArn, kmsKeyArn } = trail;
  const name = trailName(trail);
  const common = { ...partitionMember(trailArn ?? kmsKeyArn), Region: region };
  const key = kmsKeyArn === null ? {} : { KmsKeyId: kmsKeyArn };
  const details = {
    Name: shortName(name),
    HomeRegion: region,
    ...(trailArn === null ? {} : { TrailArn: trailArn }),
    ...key,
  };
  const theTrail = { Type: 'AwsCloudTrailTrail', Id: name, ...common, Details: { AwsCloudTrailTrail: details } };
  if (kmsKeyArn === null) return [theTrail];
  const keyRegion = /^arn:[^:]+:kms:([^:]+):/.exec(kmsKeyArn)?.[1] ?? region;
  return [theTrail, { Type: 'AwsKmsKey', Id: kmsKeyArn, ...partitionMember(kmsKeyArn), Region: keyRegion }];
}

/** The format knows three partitions. */
function partitionMember(arn: string | null) {
  const partition = partitionOf(arn);
  return ['aws', 'aws-cn', 'aws-us-gov'].includes(partition) ? { Partition: partition } : {};
}

/** The controls that the open findings speak to; of a trail without any, those that all checks speak to. */
function requirements(trail: TrailReport): readonly string[] {
  const open = openFindings(trail);
  const about = open.length > 0 ? open : trail.findings;
  const all = about
    .flatMap(({ check }) => controlsOf(check))
    .map(({ benchmark, control }) => `${benchmark}/${control}`);
  return [...new Set(all)].slice(0, REQUIREMENTS).map((requirement) => clip(requirement, REQUIREMENT_LENGTH));
}

const shortName = (name: string): string => name.replace(/^arn:.*:trail\//, '');
