import { InvalidInputError } from '../rule/errors.ts';
import { clip } from '../rule/evaluate/annotation.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { CheckId, FindingStatus } from '../trail/finding.ts';
import type { ReportStream } from './build.ts';
import { controlsOf } from './controlsOf.ts';
import { openFindings } from './order.ts';
import type { ReportFinding, TrailReport } from './report.ts';
import { jsonList, observedAt, partitionOf, trailId, trailName } from './subject.ts';

/** Longest values that BatchImportFindings takes (AWS Security Hub User Guide, Required and optional top-level ASFF attributes). */
const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 1024;
const REMEDIATION_LENGTH = 512;
const FIELD_LENGTH = 2048;
const REQUIREMENT_LENGTH = 64;
const REQUIREMENTS = 32;

/** The GeneratorId of every finding. */
export const GENERATOR = 'cloudtrail-kms-rule';
const TYPES = ['Software and Configuration Checks/AWS Security Best Practices'];
const HOW_TO = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html';

/** What an import of findings needs beside the trail. */
export interface AsffOrigin {
  /** When the facts were read. */
  readonly observedAt: Date;
  readonly version: string;
  /** The account and Region that import, where they are not the trail's own: a central account. */
  readonly importer?: Place;
}

/** What is known of a verdict beside its report. */
export interface AsffVerdict {
  /** The checks behind a verdict that is not COMPLIANT, gravest first. Left out: taken from the findings. */
  readonly decidedBy?: readonly CheckId[];
  /** Checks that are reported elsewhere and not imported. */
  readonly excluded?: readonly CheckId[];
}

/** The finding of a trail has an id of its own, the same at every import. */
const findingIdOf = (trailName: string): string => `${trailName}/${GENERATOR}`;

/** The trail of a finding's id; `null` where the id is not one of this generator. */
export const trailOfFindingId = (id: string): string | null =>
  id.endsWith(`/${GENERATOR}`) ? id.slice(0, -GENERATOR.length - 1) : null;

/**
 * The report as input of BatchImportFindings (AWS Security Finding Format 2018-10-08), one finding for each trail.
 *
 * The API takes 100 findings a call: a longer list is cut by whoever sends it.
 *
 * @throws InvalidInputError when the account or the Region of a trail is not known
 */
export function asffReport(report: ReportStream): AsyncGenerator<string> {
  const origin = { observedAt: observedAt(report), version: report.tool.version };
  return jsonList('{"Findings":[', findings(report.trails, origin), '\n]}\n');
}

async function* findings(trails: ReportStream['trails'], origin: AsffOrigin) {
  for await (const trail of trails) yield asffFinding(trail, origin);
}

/**
 * A trail as one finding. Its id is the trail's, so that a later import updates it; Workflow stays the customer's. A
 * trail that is fixed or gone leaves a finding that has passed and is archived.
 */
export function asffFinding(
  reported: TrailReport,
  { observedAt: time, version, importer }: AsffOrigin,
  { decidedBy, excluded = [] }: AsffVerdict = {},
) {
  const trail = excluded.length === 0 ? reported : without(reported, excluded);
  const home = homeOf(trail);
  const { accountId, region } = importer ?? home;
  const partition = partitionOf(trail.trailArn);
  const at = time.toISOString();
  const { status, deciding } = outcomeOf(trail, decidedBy);
  const severity = { Label: deciding?.severity ?? 'INFORMATIONAL' };
  const name = trailName(trail);
  return {
    SchemaVersion: '2018-10-08',
    Id: findingIdOf(trailId(trail)),
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
    Description: describe(trail),
    Remediation: { Recommendation: { Text: clip(adviceFor(deciding), REMEDIATION_LENGTH), Url: HOW_TO } },
    ProductFields: productFields(trail, version),
    Resources: resources(trail, home, accountId),
    Compliance: { Status: status, RelatedRequirements: requirements(trail) },
    RecordState: status === 'FAILED' || status === 'WARNING' || trail.standing === 'excepted' ? 'ACTIVE' : 'ARCHIVED',
  };
}

const without = (trail: TrailReport, excluded: readonly CheckId[]): TrailReport => ({
  ...trail,
  findings: trail.findings.filter(({ check }) => !excluded.includes(check)),
});

interface Place {
  readonly accountId: string;
  readonly region: string;
}

function homeOf(trail: TrailReport): Place {
  const { accountId, region } = trail;
  if (accountId !== null && region !== null) return { accountId, region };
  const problem = `is \`asff\`, which needs the account and the Region of every trail, and \`${trailName(trail)}\` does not tell both`;
  throw new InvalidInputError('--format', `${problem}: give \`--account-id\` and \`--region\``);
}

/** NOT_AVAILABLE: an exception says that nobody is to look, or all that decided is reported elsewhere. */
type ComplianceStatus = 'PASSED' | 'WARNING' | 'FAILED' | 'NOT_AVAILABLE';

interface Outcome {
  readonly status: ComplianceStatus;
  /** The gravest finding that stands behind FAILED or WARNING. */
  readonly deciding: ReportFinding | undefined;
}

function outcomeOf(trail: TrailReport, decidedBy: readonly CheckId[] = decidingChecks(trail)): Outcome {
  if (trail.standing === 'excepted') return { status: 'NOT_AVAILABLE', deciding: undefined };
  if (decidedBy.length === 0) return { status: 'PASSED', deciding: undefined };
  const [deciding] = decidedBy.flatMap((check) => trail.findings.filter((finding) => finding.check === check));
  if (deciding === undefined) return { status: 'NOT_AVAILABLE', deciding };
  return { status: deciding.status === 'unknown' ? 'WARNING' : 'FAILED', deciding };
}

/** The checks that a verdict rests on, as far as its report tells. */
function decidingChecks(trail: TrailReport): readonly CheckId[] {
  const { standing } = trail;
  const deciding = openFindings(trail).filter(({ check, status }) =>
    standing === 'undecided'
      ? status === 'unknown' && checkOf(check).isDecisive
      : standing === 'non-compliant' && status === 'fail',
  );
  return deciding.map(({ check }) => check);
}

/** Every open finding: in full as long as they fit, the lesser ones then by name. */
function describe(trail: TrailReport): string {
  const open = openFindings(trail);
  const named = open.map(({ check, status }) => `${check} (${status})`);
  const full = open.map(({ message }, index) => `${named[index]}: ${message}`);
  const said = trail.standing === 'excepted' || open.length === 0 ? [trail.annotation, ...full] : full;
  const text = said.filter((part) => part !== '').join('; ');
  if (text === '') return 'Every check that applies to the trail passes.';
  if (text.length <= DESCRIPTION_LENGTH) return clip(text, DESCRIPTION_LENGTH);
  const names = `; in all: ${named.join(', ')}`;
  return clip(`${clip(text, Math.max(0, DESCRIPTION_LENGTH - names.length))}${names}`, DESCRIPTION_LENGTH);
}

/** A recommendation must not be empty. */
const adviceFor = (deciding: ReportFinding | undefined): string => deciding?.remediation || 'Nothing is to be done.';

function productFields(trail: TrailReport, version: string) {
  const { complianceType, standing, findings: all, annotation, address = '', cdkPath, keyAddress, keyCdkPath } = trail;
  const named = (status: FindingStatus) => all.filter((finding) => finding.status === status);
  const list = (status: FindingStatus) =>
    clip(
      named(status)
        .map(({ check }) => check)
        .join(', '),
      FIELD_LENGTH,
    );
  const fields = {
    version,
    complianceType,
    standing,
    owner: trail.owner ?? '',
    policySha256: trail.policySha256 ?? '',
    change: trail.change ?? '',
    annotation: clip(annotation, FIELD_LENGTH),
    failedChecks: list('fail'),
    unknownChecks: list('unknown'),
    address: clip(address, FIELD_LENGTH),
    cdkPath: clip(cdkPath ?? '', FIELD_LENGTH),
    keyAddress: clip(keyAddress ?? '', FIELD_LENGTH),
    keyCdkPath: clip(keyCdkPath ?? '', FIELD_LENGTH),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [`${GENERATOR}/${name}`, value]));
}

function resources(trail: TrailReport, { accountId, region }: Place, importingAccount: string) {
  const { trailArn, kmsKeyArn } = trail;
  const name = trailId(trail);
  const common = { ...partitionMember(trailArn ?? kmsKeyArn), Region: region };
  const key = kmsKeyArn === null ? {} : { KmsKeyId: kmsKeyArn };
  const details = {
    Name: shortName(name),
    HomeRegion: region,
    ...(trailArn === null ? {} : { TrailArn: trailArn }),
    ...key,
  };
  // The finding itself belongs to the account that imports it.
  const owner = accountId === importingAccount ? {} : { Other: { AwsAccountId: accountId } };
  const theTrail = {
    Type: 'AwsCloudTrailTrail',
    Id: name,
    ...common,
    Details: { AwsCloudTrailTrail: details, ...owner },
  };
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
  const all = controlsOf(trail.findings).map(({ framework, id }) => `${framework}/${id}`);
  return all.slice(0, REQUIREMENTS).map((requirement) => clip(requirement, REQUIREMENT_LENGTH));
}

const shortName = (name: string): string => name.replace(/^arn:.*:trail\//, '');
