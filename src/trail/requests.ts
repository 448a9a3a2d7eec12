import type { AccessRequest, KeyState } from '../policy/request.ts';
import { CLOUDTRAIL, S3_CONTEXT_KEY } from './cloudTrail.ts';
import { requestContext } from './conditionKeys/context.ts';
import type { RequestSubject } from './keyPolicySubject.ts';
import { bucketPath, filePath, probePath } from './logPaths.ts';

/** What CloudTrail asks of a key, each for one purpose. */
export type RequestPurpose = 'probe' | 'log file' | 'digest file' | 'Insights file' | 'describe' | 'bucket-key decrypt';

export interface CloudTrailRequest {
  readonly purpose: RequestPurpose;
  readonly request: AccessRequest;
}

/**
 * CloudTrail's requests to encrypt for a trail: the probe on creating or updating it, its log files, its digest files
 * unless log file validation is off, and Insights files where they are selected. Where it is not known whether
 * Insights events are selected they count as not selected: that is a trail's default, and the pass says so.
 */
export function encryptRequests(subject: RequestSubject): readonly CloudTrailRequest[] {
  const { trail } = subject;
  const requests = [generateDataKey(subject, 'probe', probePath(trail))];
  requests.push(generateDataKey(subject, 'log file', filePath(trail, 'log')));
  if (trail.logFileValidation !== false) {
    requests.push(generateDataKey(subject, 'digest file', filePath(trail, 'digest')));
  }
  if (trail.hasInsightSelectors === true) requests.push(insightsRequest(subject));
  return requests;
}

/** CloudTrail's request to encrypt an Insights file. */
export const insightsRequest = (subject: RequestSubject): CloudTrailRequest =>
  generateDataKey(subject, 'Insights file', filePath(subject.trail, 'insights'));

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

/** Every request that CloudTrail may make for a trail, in the order in which it makes them. */
export const cloudTrailRequests = (subject: RequestSubject): readonly CloudTrailRequest[] => [
  ...encryptRequests(subject),
  describeRequest(subject),
  decryptRequest(subject),
];

const generateDataKey = (subject: RequestSubject, purpose: RequestPurpose, s3Arn: KeyState): CloudTrailRequest => ({
  purpose,
  request: serviceRequest(subject, 'kms:GenerateDataKey', { [S3_CONTEXT_KEY]: s3Arn }),
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
