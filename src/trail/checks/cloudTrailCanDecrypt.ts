import { fail, inBrief, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { TrailFacts, Unread } from '../facts.ts';
import { grantedInstead } from '../grantedAccess.ts';
import { doubtRemedy, grantRemedy } from '../grantRemedy.ts';
import { usesBucketKey } from '../logPaths.ts';
import { editPolicy, READ_IT, readIt } from '../remedies.ts';
import { decryptRequest } from '../requests.ts';
import * as access from '../serviceAccess.ts';
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
    const all = access.answers(subject, [decryptRequest(subject)]);
    const evidence = access.evidenceOf(all);
    const denied = access.deniedOf(all);
    if (denied.length > 0) {
      const open = grantedInstead(subject, (granted) => [decryptRequest(granted)]);
      const remedy = grantRemedy(subject, denied, decryptStatement(trail));
      if (open !== null) return undecided(`whether CloudTrail may kms:Decrypt is open: ${open}`, remedy);
      const message = `CloudTrail may not kms:Decrypt, and the bucket has an S3 Bucket Key: ${access.refusalsInWords(denied)}`;
      return inBrief(access.refusalsInBrief(denied), fail(message, remedy, evidence));
    }
    if (access.unknownOf(all).length === 0) return pass('CloudTrail may kms:Decrypt', evidence);
    const remedy = doubtRemedy(subject, all, editPolicy({ edit: 'allow-cloudtrail', action: 'kms:Decrypt' }));
    return undecided(`whether CloudTrail may kms:Decrypt is open: ${access.doubtsInWords(all)}`, remedy, evidence);
  }),
);

function unreadOf({ bucket }: TrailFacts): Unread | null {
  if (!bucket.read) return bucket;
  return bucket.value.encryption.read ? null : bucket.value.encryption;
}
