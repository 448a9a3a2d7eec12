import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import { distinct } from '../policyNames.ts';
import type { StatementDocument } from '../statements.ts';
import { inForm } from './document.ts';

/** What CloudTrail may have to be allowed. */
export const ACCESSES = ['encrypt', 'update', 'describe', 'decrypt'] as const;
export type TrailAccess = (typeof ACCESSES)[number];

export const ACTION = {
  encrypt: 'kms:GenerateDataKey',
  update: 'kms:GenerateDataKey',
  describe: 'kms:DescribeKey',
  decrypt: 'kms:Decrypt',
} as const satisfies Record<TrailAccess, string>;

/** The entry of Action that AWS publishes for it. */
export const ENTRY = {
  encrypt: 'kms:GenerateDataKey*',
  update: 'kms:GenerateDataKey*',
  describe: 'kms:DescribeKey',
  decrypt: 'kms:Decrypt',
} as const satisfies Record<TrailAccess, string>;

export const SID = {
  encrypt: 'AllowCloudTrailEncrypt',
  update: 'AllowCloudTrailEncrypt',
  describe: 'AllowCloudTrailDescribe',
  decrypt: 'AllowCloudTrailDecrypt',
} as const satisfies Record<TrailAccess, string>;

export const SOURCE_ARN = 'aws:SourceArn';

/**
 * AWS's statement for CloudTrail, pinned to trails by aws:SourceArn and, for encryption, by the encryption context, which
 * DescribeKey does not carry (CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail).
 */
export function trailStatement(access: TrailAccess, trails: readonly TrailFacts[], sid: string): StatementDocument {
  const source = inForm(undefined, arnsOf(trails));
  const contexts = trails.map(({ partition, accountId }) => `arn:${partition}:cloudtrail:*:${accountId}:trail/*`);
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: CLOUDTRAIL },
    Action: ENTRY[access],
    Resource: '*',
    Condition: {
      StringEquals: { [SOURCE_ARN]: source },
      ...(isEncrypting(access) ? { StringLike: { [TRAIL_CONTEXT_KEY]: inForm(undefined, distinct(contexts)) } } : {}),
    },
  };
}

/** What CloudTrail asks with the context of the files that it writes. */
const isEncrypting = (access: TrailAccess): boolean => access === 'encrypt' || access === 'update';

export const arnsOf = (trails: readonly TrailFacts[]): readonly string[] => trails.map(({ arn }) => arn);
