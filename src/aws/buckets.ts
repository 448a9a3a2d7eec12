import { GetBucketEncryptionCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  type BucketEncryption,
  type BucketFacts,
  type Reading,
  read,
  type TrailDescription,
  unread,
} from '../trail/facts.ts';
import type { Access } from './access.ts';
import type { Call } from './errors.ts';
import { memoize } from './memo.ts';
import { required } from './required.ts';

/** S3 names the bucket's Region in this header even when it denies or redirects (Amazon S3 API Reference, HeadBucket). */
const REGION_HEADER = 'x-amz-bucket-region';

export interface BucketReader {
  bucket(trail: TrailDescription): Promise<Reading<BucketFacts>>;
}

/** Reads the Region and the default encryption of buckets, each distinct bucket once. */
export function bucketReader(access: Access): BucketReader {
  const readBucket = memoize(async (partitionRegionAndName) => {
    const [partition = '', homeRegion = '', name = ''] = partitionRegionAndName.split(' ');
    const bucket = { name, arn: `arn:${partition}:s3:::${name}` };
    const region = await bucketRegion(access, bucket, homeRegion);
    // S3 answers for a bucket only in its own Region.
    const encryption = region.read ? await bucketEncryption(access, bucket, region.value) : region;
    return read({ region, encryption });
  });
  return {
    async bucket(trail) {
      if (trail.bucketName === null) return unread('not-told', 'the trail names no bucket');
      return readBucket(`${trail.partition} ${trail.homeRegion} ${trail.bucketName}`);
    },
  };
}

interface Bucket {
  readonly name: string;
  readonly arn: string;
}

async function bucketRegion(
  { session, clients }: Access,
  bucket: Bucket,
  askedRegion: string,
): Promise<Reading<string>> {
  const call = bucketCall('HeadBucket', 's3:ListBucket', bucket, askedRegion);
  const answer = await session.ask(call, (options) =>
    clients.get(S3Client, askedRegion).send(new HeadBucketCommand({ Bucket: bucket.name }), options),
  );
  const region = answer.ok ? answer.output.BucketRegion : answer.refusal.headers[REGION_HEADER];
  if (!answer.ok && answer.refusal.httpStatus === 404)
    return unread('not-found', `the bucket \`${bucket.name}\` does not exist`);
  if (region) return read(region);
  if (answer.ok) return unread('not-told', `S3 did not name the Region of the bucket \`${bucket.name}\``);
  return session.unreadOrThrow(call, answer.refusal);
}

async function bucketEncryption(
  { session, clients }: Access,
  bucket: Bucket,
  region: string,
): Promise<Reading<BucketEncryption>> {
  const call = bucketCall('GetBucketEncryption', 's3:GetEncryptionConfiguration', bucket, region);
  const answer = await session.ask(call, (options) =>
    clients.get(S3Client, region).send(new GetBucketEncryptionCommand({ Bucket: bucket.name }), options),
  );
  if (answer.ok) {
    const configuration = required(call, answer.output, 'ServerSideEncryptionConfiguration');
    const [rule] = required(call, configuration, 'Rules');
    return read({
      algorithm: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm || null,
      bucketKeyEnabled: rule?.BucketKeyEnabled ?? null,
    });
  }
  switch (answer.refusal.code) {
    case 'ServerSideEncryptionConfigurationNotFoundError':
      // Without a configuration S3 encrypts with its own keys (Amazon S3 User Guide, Setting default encryption).
      return read({ algorithm: 'AES256', bucketKeyEnabled: false });
    case 'NoSuchBucket':
      return unread('not-found', `the bucket \`${bucket.name}\` does not exist`);
    default:
      return session.unreadOrThrow(call, answer.refusal);
  }
}

const bucketCall = (operation: string, permission: string, bucket: Bucket, region: string): Call => ({
  service: 'S3',
  operation,
  permission,
  subject: bucket.arn,
  region,
});
