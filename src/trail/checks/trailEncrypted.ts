import { KEY_CHOSEN } from '../changes.ts';
import { fail, pass } from '../checkResult.ts';
import { ENCRYPTED } from '../controls.ts';
import { defineCheck } from '../defineCheck.ts';
import { setKey } from '../remedies.ts';

/** A trail names a KMS key. */
export const trailEncrypted = defineCheck(
  {
    id: 'trail-encrypted',
    title: 'The trail names a KMS key',
    severity: 'HIGH',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    controls: ENCRYPTED,
    rationale:
      'Without a key CloudTrail encrypts with SSE-S3: whoever may read the bucket reads the logs, and no key policy stands between.',
    remediation:
      'Choose a customer-managed key in the Region of the bucket, allow CloudTrail by its key policy, then set it with `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`. In CloudFormation the property is `KMSKeyId`, in Terraform `kms_key_id`.',
    examples: {
      pass: '`KmsKeyId` is `arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`',
      fail: 'the trail has no `KmsKeyId`',
    },
    sources: [
      'AWS Security Hub User Guide, CloudTrail.2',
      'AWS CloudTrail User Guide, Encrypting CloudTrail log files, digest files and event data stores with AWS KMS keys',
    ],
  },
  (trail) =>
    trail.kmsKeyId
      ? pass(`the trail names the KMS key \`${trail.kmsKeyId}\``)
      : fail('the trail names no KMS key', [[{ do: 'prepare-key' }, setKey(trail)]]),
);
