import type { AccessRequest } from '../policy/request.ts';
import { CLOUDTRAIL, S3_CONTEXT_KEY } from './cloudTrail.ts';
import { requestContext } from './conditionKeys/context.ts';
import type { RequestSubject } from './keyPolicySubject.ts';
import type { FileKind } from './logFiles.ts';
import { bucketPath } from './logPaths.ts';

/** What CloudTrail asks of a key, each for one purpose. */
export type RequestPurpose = 'probe' | FileKind | 'describe' | 'bucket-key decrypt' | 'topic' | 'event data store';

export interface CloudTrailRequest {
  readonly purpose: RequestPurpose;
  readonly request: AccessRequest;
}

/** CloudTrail's DescribeKey on creating or updating a trail; it carries no encryption context. */
export const describeRequest = (subject: RequestSubject): CloudTrailRequest => ({
  purpose: 'describe',
  request: serviceRequest(subject, 'kms:DescribeKey'),
});

/** CloudTrail's Decrypt where the bucket has an S3 Bucket Key. */
export const decryptRequest = (subject: RequestSubject): CloudTrailRequest => ({
  purpose: 'bucket-key decrypt',
  request: serviceRequest(subject, 'kms:Decrypt', { [S3_CONTEXT_KEY]: bucketPath(subject.trail) }),
});

/** A request of CloudTrail for this trail; every condition key that the documentation does not settle is unknown. */
export const serviceRequest = (
  subject: RequestSubject,
  action: string,
  asked: AccessRequest['context'] = {},
): AccessRequest => ({
  principal: { service: CLOUDTRAIL },
  action,
  resource: subject.keyArn,
  context: { ...requestContext(subject, 'cloudTrail', action), ...asked },
  otherKeys: 'unknown',
});
