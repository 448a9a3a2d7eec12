import { keyIdentity } from '../arn.ts';
import { KEY_CHOSEN } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, whenKeyExists } from '../defineCheck.ts';
import { READ_IT, readIt, setKey } from '../remedies.ts';

/** The key and the bucket are in one Region. */
export const keyInBucketRegion = defineCheck(
  {
    id: 'key-in-bucket-region',
    title: "The key's Region is the S3 bucket's",
    severity: 'HIGH',
    urgency: 'delivery-stops',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    isNeededToTakeKey: true,
    controls: CIS_ENCRYPTED,
    rationale:
      "S3 encrypts with keys of the bucket's own Region only. The bucket's Region may differ from the trail's home Region.",
    remediation:
      "Give the trail a key in the bucket's Region, for example a replica of a multi-Region key: `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`.",
    examples: {
      pass: 'the key and the bucket are in `eu-west-1`, the trail in `us-east-1`',
      fail: 'the key is in `us-east-1`, the bucket in `eu-west-1`',
    },
    sources: ['AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail'],
  },
  whenKeyExists((trail, key) => {
    const keyRegion = key.arn === null ? null : (keyIdentity(key.arn)?.region ?? null);
    if (keyRegion === null) return undecided(`the Region of key \`${key.reference}\` is not known`, READ_IT);
    const region = trail.bucket.read ? trail.bucket.value.region : trail.bucket;
    if (!region.read) return undecided(`the bucket's Region is not known: ${region.reason}`, readIt(region));
    if (region.value === keyRegion) return pass(`the key and the bucket are in \`${keyRegion}\``);
    return fail(`the key is in \`${keyRegion}\`, the bucket in \`${region.value}\``, [
      [{ do: 'choose-key', region: region.value }, setKey(trail)],
    ]);
  }),
);
