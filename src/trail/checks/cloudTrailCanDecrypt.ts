import { POLICY_OR_KEY } from '../changes.ts';
import { notApplicable, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { TrailFacts, Unread } from '../facts.ts';
import { usesBucketKey } from '../logPaths.ts';
import { decideRequest } from '../oneRequest.ts';
import { READ_IT, readIt } from '../remedies.ts';
import { decryptRequest } from '../requests.ts';
import { decryptStatement } from '../statements.ts';

/** The policies allow CloudTrail to decrypt, where the bucket has an S3 Bucket Key. */
export const cloudTrailCanDecrypt = defineCheck(
  {
    id: 'cloudtrail-can-decrypt',
    title: 'CloudTrail may decrypt, where the bucket encrypts with an S3 Bucket Key by default',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'runbook',
    brokenBy: POLICY_OR_KEY,
    isNeededToTakeKey: true,
    controls: [],
    rationale:
      'AWS documents Decrypt as required to create or update a trail whose bucket has an S3 Bucket Key. Delivery goes on without it; updates of the trail may be refused.',
    remediation:
      'Add a statement that lets `cloudtrail.amazonaws.com` use `kms:Decrypt`, with `aws:SourceArn` equal to the ARN of the trail.',
    examples: {
      pass: 'the bucket has a Bucket Key and the policy allows `kms:Decrypt` to CloudTrail',
      fail: 'the bucket has a Bucket Key and the policy allows `kms:GenerateDataKey*` alone',
    },
    sources: [
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
      'Amazon S3 User Guide, Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys',
    ],
  },
  whenPolicyRead((subject) => {
    const { trail } = subject;
    const bucketKey = usesBucketKey(trail);
    if (bucketKey === false) return notApplicable('the bucket does not encrypt with an S3 Bucket Key by default');
    if (bucketKey === null) {
      const unread = unreadOf(trail);
      const unknown = 'whether the bucket has an S3 Bucket Key is not known';
      return unread === null ? undecided(unknown, READ_IT) : undecided(`${unknown}: ${unread.reason}`, readIt(unread));
    }
    return decideRequest(subject, {
      request: decryptRequest,
      may: 'CloudTrail may kms:Decrypt',
      mayNot: 'CloudTrail may not kms:Decrypt, and the bucket has an S3 Bucket Key',
      statement: () => decryptStatement(trail),
      otherwise: { edit: 'allow-cloudtrail', action: 'kms:Decrypt' },
    });
  }),
);

function unreadOf({ bucket }: TrailFacts): Unread | null {
  if (!bucket.read) return bucket;
  return bucket.value.encryption.read ? null : bucket.value.encryption;
}
