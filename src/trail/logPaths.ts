import type { KeyPolicy } from '../policy/parse.ts';
import { type KeyState, matching, present } from '../policy/request.ts';
import type { BucketEncryption, TrailDescription, TrailFacts } from './facts.ts';
import type { FileKind } from './logFiles.ts';
import { parsedPolicies, type ReadPolicies } from './parsedPolicies.ts';
import { policyNames } from './policyNames.ts';

/** Folders under the account's folder in the bucket, by kind of file (CloudTrail User Guide, Finding your CloudTrail log files). */
const FOLDERS = {
  'log file': 'CloudTrail',
  'digest file': 'CloudTrail-Digest',
  'Insights file': 'CloudTrail-Insight',
  'network activity file': 'CloudTrail-NetworkActivity',
  'aggregated file': 'CloudTrail-Aggregated',
} as const;

const ANY_ACCOUNT = '????????????';
const ANY_ORGANIZATION = 'o-*';

/** Whether a policy looks at the path of the file that is encrypted: only then it matters what kinds of file there are. */
export const lookAtPath = (policies: readonly KeyPolicy[]): boolean =>
  policyNames(policies).conditionKeys.includes('kms:encryptioncontext:aws:s3:arn');

/** The same of what was read of a key's policies. */
export const keyLooksAtPath = (key: ReadPolicies): boolean => lookAtPath(parsedPolicies(key));

/** The folder of the account's logs. */
export const folderPath = (trail: TrailFacts): string => `${logFolder(trail)}${trail.accountId}/`;

/**
 * What `aws:s3:arn` holds when CloudTrail tries the key on creating or updating a trail. Documents disagree: one page of
 * the AWS KMS Developer Guide shows the account's folder, the CloudTrail User Guide shows a file's path.
 */
export const probePath = (trail: TrailFacts): KeyState => oneOf([folderPath(trail), ...filePaths(trail, 'log file')]);

/**
 * What `aws:s3:arn` holds for a file. Organization id, member account and Region are constrained where they are not
 * known; a bucket with an S3 Bucket Key may show its own ARN in place of the file's.
 */
export function filePath(trail: TrailFacts, kind: FileKind): KeyState {
  const files = filePaths(trail, kind);
  return oneOf(usesBucketKey(trail) === true ? [...files, bucketArn(trail)] : files);
}

/** What of a trail its paths tell of. */
type PathFacts = TrailDescription & Pick<TrailFacts, 'organizationId'>;

function filePaths(trail: PathFacts, kind: FileKind): readonly string[] {
  const region = trail.isMultiRegion === false ? trail.homeRegion : '*';
  const file = kind === 'file of an unknown kind' ? '**' : `${FOLDERS[kind]}/${region}/????/??/??/*.json.gz`;
  return owners(trail).map((owner) => `${logFolder(trail)}${owner}/${file}`);
}

/** Whether the files of a kind lie in one folder, but for their date; otherwise what holds of one file need not hold of another. */
export const haveOneFolder = ({ isMultiRegion, isOrganization }: TrailFacts): boolean =>
  isMultiRegion === false && isOrganization === false;

/** The folder of a file without its date. */
export const folderOf = (path: string): string => path.replace(/\/\d{4}\/\d{2}\/\d{2}\/[^/]*$/, '');

/** Which kind of file of the trail's has this ARN; `probe`: the folder itself; `null`: it is none of the trail's. */
export function kindOfPath(trail: TrailFacts, arn: string): FileKind | 'probe' | null {
  const folder = logFolder(trail);
  if (trail.keyPrefix?.includes('**') || !arn.startsWith(folder)) return null;
  const [, owner, rest = ''] = /^((?:o-[a-z0-9]+\/)?\d{12})\/(.*)$/s.exec(arn.slice(folder.length)) ?? [];
  if (owner === undefined) return null;
  if (rest === '') return 'probe';
  const found = Object.entries(FOLDERS).find(([, name]) => rest.startsWith(`${name}/`));
  return found === undefined ? 'file of an unknown kind' : (found[0] as keyof typeof FOLDERS);
}

/** The folders of the trail's logs, as patterns of a policy: organization trails write to the organization's. */
export function logFolders(trail: TrailFacts): readonly string[] {
  const organization = (trail.organizationId.read ? trail.organizationId.value : null) ?? ANY_ORGANIZATION;
  const owners = trail.isOrganization === true ? [trail.accountId, organization] : [trail.accountId];
  return owners.map((owner) => `${logFolder(trail)}${owner}/*`);
}

/** The ARN of a file, as far as it is known. */
export const objectPath = (trail: TrailFacts, kind: FileKind): KeyState => oneOf(filePaths(trail, kind));

/** A file of the kind, with something in place of what is not known; the day is none, so that a finding says the same every day. */
export const exampleFile = (trail: PathFacts, kind: FileKind): string =>
  (filePaths(trail, kind)[0] ?? '')
    .replace('/????/??/??/*', '/YYYY/MM/DD/FILE')
    .replaceAll(ANY_ACCOUNT, trail.accountId)
    .replace(`/${ANY_ORGANIZATION}/`, '/o-exampleorgid/')
    .replace('/*/', `/${trail.homeRegion}/`)
    .replaceAll('**', 'FILE');

/** What `aws:s3:arn` holds where the bucket's own key is opened: the bucket's ARN alone. */
export const bucketPath = (trail: TrailFacts): KeyState => oneOf([bucketArn(trail)]);

/** Whether the bucket's default encryption is `aws:kms` with an S3 Bucket Key; `null` when that is not known. */
export function usesBucketKey(trail: TrailFacts): boolean | null {
  if (!trail.bucket.read || !trail.bucket.value.encryption.read) return null;
  return hasBucketKey(trail.bucket.value.encryption.value);
}

function hasBucketKey({ algorithm, bucketKeyEnabled }: BucketEncryption): boolean | null {
  if (algorithm !== null && algorithm !== 'aws:kms') return false;
  return bucketKeyEnabled;
}

export const bucketArn = (trail: Pick<TrailDescription, 'partition' | 'bucketName'>): string =>
  `arn:${trail.partition}:s3:::${trail.bucketName ?? '*'}`;

/** CloudTrail's APIs leave the prefix out where there is none, so a missing one is none. */
function logFolder(trail: TrailDescription): string {
  // What a constraint would take for a wildcard or a digit may be any text.
  const prefix = trail.keyPrefix ? `${trail.keyPrefix.replaceAll(/[*?#]+/g, '**')}/` : '';
  return `${bucketArn(trail)}/${prefix}AWSLogs/`;
}

function owners(trail: PathFacts): readonly string[] {
  const organization = (trail.organizationId.read ? trail.organizationId.value : null) ?? ANY_ORGANIZATION;
  const ofOrganization = `${organization}/${ANY_ACCOUNT}`;
  if (trail.isOrganization === null) return [trail.accountId, ofOrganization];
  return trail.isOrganization ? [ofOrganization] : [trail.accountId];
}

function oneOf(patterns: readonly string[]): KeyState {
  const [only] = patterns;
  return patterns.length === 1 && only !== undefined && !/[*?#]/.test(only) ? present(only) : matching(...patterns);
}
