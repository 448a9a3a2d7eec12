import {
  actionsInWords,
  askBucket,
  type BucketAnswer,
  denyingStatements,
  isRefused,
  refusalsInWords,
} from '../bucketPolicy.ts';
import type { BucketSubject } from '../bucketRequests.ts';
import { type CheckResult, fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenEncrypted } from '../defineCheck.ts';
import { distinct } from '../policyNames.ts';
import { readIt } from '../remedies.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { doubtInWords } from '../serviceAccess.ts';
import { bucketStatements } from '../statements.ts';

/** The bucket's policy lets CloudTrail write this trail's files. */
export const bucketAdmitsDelivery = defineCheck(
  {
    id: 'bucket-admits-delivery',
    title: "The policy of the trail's bucket lets CloudTrail read its ACL and write every kind of file of this trail",
    severity: 'HIGH',
    urgency: 'delivery-stops',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale:
      'Delivery takes two policies: a key that allows CloudTrail is of no use where the bucket refuses its files, and CloudTrail names the two errors alike.',
    remediation:
      "Add AWS's two statements for CloudTrail to the policy of the bucket, with `aws:SourceArn` equal to the ARN of the trail, or let CloudTrail past the Deny statement that the finding names.",
    examples: {
      pass: "AWS's two statements for CloudTrail, with the trail's ARN, its prefix and its account",
      fail: 'the folder of another account; another trail; no `s3:GetBucketAcl`; a Deny of uploads with another key, or of every service',
    },
    sources: [
      'AWS CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail',
      'AWS CloudTrail User Guide, Creating a trail for an organization with the AWS CLI',
      'Service Authorization Reference, Amazon S3',
    ],
  },
  whenEncrypted((trail, key) => {
    const policy = trail.bucket.read ? trail.bucket.value.policy : undefined;
    if (policy === undefined) return notApplicable("the policy of the trail's bucket was not read");
    if (!policy.read) return undecided(`the policy of the bucket could not be read: ${policy.reason}`, readIt(policy));
    if (policy.value === null)
      return fail('the bucket has no policy, so CloudTrail may not write to it', addStatements(trail));
    if (!policy.value.valid)
      return undecided(`the policy of the bucket is not valid: ${policy.value.error}`, addStatements(trail));
    return decide({ trail, key, policy: policy.value.policy });
  }),
);

function decide(subject: BucketSubject): CheckResult {
  const all = askBucket(subject);
  const evidence = {
    statements: distinct(all.flatMap(({ decision }) => decision.statements)),
    dependsOn: distinct(all.flatMap(({ decision }) => decision.dependsOn)),
  };
  const refused = all.filter(isRefused);
  if (refused.length > 0) return fail(refusalsInWords(refused, subject), remedyFor(refused, subject), evidence);
  const open = all.filter(({ decision }) => decision.outcome !== 'allowed');
  if (open.length > 0) return undecided(openInWords(open), nameTrail(subject), evidence);
  return pass(`the bucket policy lets CloudTrail ${actionsInWords(all)}${NOT_ALL}`, evidence);
}

const NOT_ALL = " (resource control policies of the bucket's account are not looked at)";

function openInWords(open: readonly BucketAnswer[]): string {
  const [first] = open;
  const why = first?.doubt ?? (first === undefined ? '' : doubtInWords(first.decision));
  return `whether the bucket policy lets CloudTrail ${actionsInWords(open)} is open: ${why}`;
}

function remedyFor(refused: readonly BucketAnswer[], subject: BucketSubject): Remedy {
  const statements = denyingStatements(refused, subject);
  if (statements.length === 0) return addStatements(subject.trail);
  return [[{ do: 'exempt-in-bucket-policy', bucket: nameOf(subject.trail), statements }]];
}

const addStatements = (trail: BucketSubject['trail']): Remedy => [
  [{ do: 'allow-in-bucket-policy', bucket: nameOf(trail), add: bucketStatements(trail) }],
];

const nameTrail = ({ trail }: BucketSubject): Remedy => [[{ do: 'look-at-bucket-policy', bucket: nameOf(trail) }]];

const nameOf = ({ bucketName }: BucketSubject['trail']): string => bucketName ?? 'BUCKET';
