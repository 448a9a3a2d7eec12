import { CLOUDTRAIL, TOPIC_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import type { TrailFacts } from './facts.ts';
import { bucketArn, logFolders } from './logPaths.ts';

/** A key policy as JSON. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** A policy statement as JSON. */
export type StatementDocument = Readonly<Record<string, unknown>>;

/** The statements of a policy whose Statement is a list or a single statement; what is no object is an empty one. */
export const statementsOf = ({ Statement }: PolicyDocument): readonly StatementDocument[] =>
  [Statement].flat().map((one) => (isObject(one) ? one : {}));

const isObject = (value: unknown): value is StatementDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The statements that AWS publishes for a trail, each pinned to the trail (CloudTrail User Guide, Configure AWS KMS key
 * policies for CloudTrail).
 */
export const encryptStatement = (trail: TrailFacts): StatementDocument => ({
  Sid: 'AllowCloudTrailEncrypt',
  Effect: 'Allow',
  Principal: { Service: CLOUDTRAIL },
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  Condition: {
    StringEquals: { 'aws:SourceArn': trail.arn },
    StringLike: { [TRAIL_CONTEXT_KEY]: `arn:${trail.partition}:cloudtrail:*:${trail.accountId}:trail/*` },
  },
});

/** DescribeKey carries no encryption context, so the trail's ARN is its only condition. */
export const describeStatement = (trail: TrailFacts): StatementDocument => ({
  Sid: 'AllowCloudTrailDescribe',
  Effect: 'Allow',
  Principal: { Service: CLOUDTRAIL },
  Action: 'kms:DescribeKey',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': trail.arn } },
});

/** SNS's encryption context holds the topic's ARN, so the statement gives no trail the key for its logs (Amazon SNS Developer Guide, Key management). */
export const topicStatement = (topicArn: string): StatementDocument => ({
  Sid: 'AllowCloudTrailTopic',
  Effect: 'Allow',
  Principal: { Service: CLOUDTRAIL },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  Condition: { StringEquals: { [TOPIC_CONTEXT_KEY]: topicArn } },
});

/** What AWS publishes for a bucket, pinned to the trail and its folders (CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail). */
export function bucketStatements(trail: TrailFacts): readonly StatementDocument[] {
  const [bucket, folders] = [bucketArn(trail), logFolders(trail)];
  const ofTrail = { 'aws:SourceArn': trail.arn };
  const forCloudTrail = { Effect: 'Allow', Principal: { Service: CLOUDTRAIL } };
  return [
    {
      Sid: 'AllowCloudTrailAclCheck',
      ...forCloudTrail,
      Action: 's3:GetBucketAcl',
      Resource: bucket,
      Condition: { StringEquals: ofTrail },
    },
    {
      Sid: 'AllowCloudTrailWrite',
      ...forCloudTrail,
      Action: 's3:PutObject',
      Resource: folders.length === 1 ? folders[0] : folders,
      Condition: { StringEquals: { ...ofTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
}

export const decryptStatement = (trail: TrailFacts): StatementDocument => ({
  Sid: 'AllowCloudTrailDecrypt',
  Effect: 'Allow',
  Principal: { Service: CLOUDTRAIL },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': trail.arn } },
});
