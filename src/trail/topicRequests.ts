import { type AccessRequest, absent, perhaps, present } from '../policy/request.ts';
import { parseArn } from './arn.ts';
import { S3_CONTEXT_KEY, TOPIC_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import type { RequestSubject } from './keyPolicySubject.ts';
import { type CloudTrailRequest, serviceRequest } from './requests.ts';

/**
 * What CloudTrail asks of the key of its SNS topic when it publishes: SNS calls KMS for it, with the topic's ARN as the
 * encryption context (Amazon SNS Developer Guide, Key management). Whether those calls name the trail or the topic as their
 * source is not documented.
 */
export const topicRequests = (subject: RequestSubject, topicArn: string): readonly CloudTrailRequest[] =>
  ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
    purpose: 'topic',
    request: serviceRequest(subject, action, topicContext(subject, topicArn)),
  }));

const topicContext = ({ trail }: RequestSubject, topicArn: string): AccessRequest['context'] => ({
  'aws:SourceArn': perhaps(trail.arn, topicArn),
  'aws:SourceAccount': perhaps(trail.accountId, parseArn(topicArn)?.accountId ?? trail.accountId),
  [TRAIL_CONTEXT_KEY]: absent,
  [S3_CONTEXT_KEY]: absent,
  [TOPIC_CONTEXT_KEY]: present(topicArn),
  'kms:EncryptionContextKeys': present(['aws:sns:topicArn']),
});
