/** CloudTrail's service principal, the same in every partition. */
export const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

export const TRAIL_CONTEXT_KEY = 'kms:EncryptionContext:aws:cloudtrail:arn';
export const TOPIC_CONTEXT_KEY = 'kms:EncryptionContext:aws:sns:topicArn';
export const S3_CONTEXT_KEY = 'kms:EncryptionContext:aws:s3:arn';
