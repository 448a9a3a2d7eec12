import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { BucketEntry, Member } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { arnOf, type Bucket, NO_BUCKET } from './bucket.ts';
import { readMember } from './member.ts';

/** The bucket with its policy: the command line alone reads it, and where it is told to. */
export async function withBucketPolicy(access: Access, bucket: Bucket, entry: BucketEntry): Promise<BucketEntry> {
  const { Region, Error: whole } = entry;
  if (whole) return { ...entry, Policy: { Error: whole } };
  // S3 answers for a bucket only in its own Region.
  return typeof Region === 'string' ? { ...entry, Policy: await readPolicy(access, bucket, Region) } : entry;
}

/** To another account S3 shows no policy, whatever it is permitted: MethodNotAllowed (Amazon S3 API Reference, GetBucketPolicy). */
const ANSWERS: ReadonlySet<string> = new Set([...NO_BUCKET, 'NoSuchBucketPolicy', 'MethodNotAllowed']);

function readPolicy(access: Access, bucket: Bucket, region: string): Promise<Member<string>> {
  const call = callOf('S3', 'GetBucketPolicy', arnOf(bucket), region);
  return readMember(
    access,
    call,
    (options) =>
      access.clients.get(S3Client, region).send(new GetBucketPolicyCommand({ Bucket: bucket.name }), options),
    (answer) => required(call, answer, 'Policy'),
    ANSWERS,
  );
}
