import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import type { TrailFacts } from './facts.ts';

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

export const decryptStatement = (trail: TrailFacts): StatementDocument => ({
  Sid: 'AllowCloudTrailDecrypt',
  Effect: 'Allow',
  Principal: { Service: CLOUDTRAIL },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': trail.arn } },
});
