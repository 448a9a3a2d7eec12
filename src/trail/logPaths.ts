import { type KeyState, matching, present } from '../policy/request.ts';
import type { BucketEncryption, TrailFacts } from './facts.ts';

/** Folders under the account's folder in the bucket, by kind of file (CloudTrail User Guide, Finding your CloudTrail log files). */
const FOLDERS = { log: 'CloudTrail', digest: 'CloudTrail-Digest', insights: 'CloudTrail-Insight' } as const;

const ANY_ACCOUNT = '????????????';
const ANY_ORGANIZATION = 'o-*';

/** What `aws:s3:arn` holds when CloudTrail tries the key on creating or updating a trail: the account's folder itself. */
export function probePath(trail: TrailFacts): KeyState {
  return oneOf([`${logFolder(trail)}${trail.accountId}/`]);
}

/**
 * What `aws:s3:arn` holds for a file. Organization id, member account and Region are constrained where they are not
 * known; a bucket with an S3 Bucket Key may show its own ARN in place of the file's.
 */
export function filePath(trail: TrailFacts, kind: keyof typeof FOLDERS): KeyState {
  const region = trail.isMultiRegion === false ? trail.homeRegion : '*';
  const files = owners(trail).map(
    (owner) => `${logFolder(trail)}${owner}/${FOLDERS[kind]}/${region}/????/??/??/*.json.gz`,
  );
  return oneOf(usesBucketKey(trail) === true ? [...files, bucketArn(trail)] : files);
}

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

const bucketArn = (trail: TrailFacts): string => `arn:${trail.partition}:s3:::${trail.bucketName ?? '*'}`;

/** CloudTrail's APIs leave the prefix out where there is none, so a missing one is none. */
function logFolder(trail: TrailFacts): string {
  const prefix = trail.keyPrefix ? `${trail.keyPrefix}/` : '';
  return `${bucketArn(trail)}/${prefix}AWSLogs/`;
}

function owners(trail: TrailFacts): readonly string[] {
  const organization = (trail.organizationId.read ? trail.organizationId.value : null) ?? ANY_ORGANIZATION;
  const ofOrganization = `${organization}/${ANY_ACCOUNT}`;
  if (trail.isOrganization === null) return [trail.accountId, ofOrganization];
  return trail.isOrganization ? [ofOrganization] : [trail.accountId];
}

function oneOf(patterns: readonly string[]): KeyState {
  const [only] = patterns;
  return patterns.length === 1 && only !== undefined && !/[*?]/.test(only) ? present(only) : matching(...patterns);
}
