import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type BucketEntry, isErrorMember, type Member } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { answersOf, readMember } from './member.ts';

/** S3 names the bucket's Region in this header even when it denies or redirects (Amazon S3 API Reference, HeadBucket). */
const REGION_HEADER = 'x-amz-bucket-region';

export interface Bucket {
  readonly name: string;
  readonly partition: string;
}

/**
 * The Region and the default encryption of a bucket.
 *
 * @param askedRegion where S3 is asked for the bucket's own Region
 * @param throttledIsUnread whether encryption that S3 throttles is unread rather than an error
 */
export async function readBucket(
  access: Access,
  bucket: Bucket,
  askedRegion: string,
  throttledIsUnread = false,
): Promise<BucketEntry> {
  // Most buckets are where the trail is: only another Region is asked after S3 has named it.
  const encryptionIn = (region: string) => bucketEncryption(access, bucket, region, throttledIsUnread);
  const there = encryptionIn(askedRegion);
  // S3 answers for a bucket only in its own Region: anywhere else what it says does not count.
  there.catch(() => undefined);
  const Region = await bucketRegion(access, bucket, askedRegion);
  if (isErrorMember(Region)) return { Name: bucket.name, Error: Region.Error };
  const encryption = await (Region === askedRegion ? there : encryptionIn(Region));
  return { Name: bucket.name, Region, ...encryption };
}

async function bucketRegion({ session, clients }: Access, bucket: Bucket, region: string): Promise<Member<string>> {
  const call = callOf('S3', 'HeadBucket', arnOf(bucket), region, 's3:ListBucket');
  const answer = await session.ask(call, (options) =>
    clients.get(S3Client, region).send(new HeadBucketCommand({ Bucket: bucket.name }), options),
  );
  if (!answer.ok && answer.refusal.httpStatus === 404) {
    // Without a body the answer is without a code too.
    return session.errorMember(call, { ...answer.refusal, code: 'NoSuchBucket' }, NO_BUCKET);
  }
  const named = answer.ok ? answer.output.BucketRegion : answer.refusal.headers[REGION_HEADER];
  if (named) return named;
  return answer.ok
    ? session.notRead(call, 'NotTold', `S3 did not name the Region of the bucket \`${bucket.name}\``)
    : session.errorMember(call, answer.refusal);
}

export const NO_BUCKET: ReadonlySet<string> = new Set(['NoSuchBucket']);
const NOT_CONFIGURED = 'ServerSideEncryptionConfigurationNotFoundError';

async function bucketEncryption(
  access: Access,
  bucket: Bucket,
  region: string,
  throttledIsUnread: boolean,
): Promise<Pick<BucketEntry, 'SSEAlgorithm' | 'BucketKeyEnabled'>> {
  const call = callOf('S3', 'GetBucketEncryption', arnOf(bucket), region, 's3:GetEncryptionConfiguration');
  const rule = await readMember(
    access,
    call,
    (options) =>
      access.clients.get(S3Client, region).send(new GetBucketEncryptionCommand({ Bucket: bucket.name }), options),
    (answer) => required(call, required(call, answer, 'ServerSideEncryptionConfiguration'), 'Rules')[0],
    answersOf(new Set([...NO_BUCKET, NOT_CONFIGURED]), throttledIsUnread),
  );
  if (rule === undefined) {
    const none = access.session.notRead(
      call,
      'NotTold',
      `S3 names no default encryption of the bucket \`${bucket.name}\``,
    );
    return { SSEAlgorithm: none, BucketKeyEnabled: none };
  }
  if (!isErrorMember(rule)) {
    const { ApplyServerSideEncryptionByDefault, BucketKeyEnabled } = rule;
    return {
      SSEAlgorithm: ApplyServerSideEncryptionByDefault?.SSEAlgorithm || null,
      BucketKeyEnabled: BucketKeyEnabled ?? null,
    };
  }
  // Without a configuration S3 encrypts with its own keys (Amazon S3 User Guide, Setting default encryption).
  if (rule.Error.Code === NOT_CONFIGURED) return { SSEAlgorithm: 'AES256', BucketKeyEnabled: false };
  return { SSEAlgorithm: rule, BucketKeyEnabled: rule };
}

export const arnOf = ({ name, partition }: Bucket): string => `arn:${partition}:s3:::${name}`;
