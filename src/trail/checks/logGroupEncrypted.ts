import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { encryptLogGroupCommand } from '../commands.ts';
import { defineCheck, whenEncrypted } from '../defineCheck.ts';
import { readIt } from '../remedies.ts';

/** The log group that receives the trail's events has a KMS key. */
export const logGroupEncrypted = defineCheck(
  {
    id: 'log-group-encrypted',
    title: "The log group that receives the trail's events is encrypted with a KMS key",
    severity: 'LOW',
    urgency: 'some-day',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale:
      "The log group holds the same events as the bucket. Without a key of its own it is encrypted with one of AWS's, whose policy nobody can look at, and whoever may read the log group reads them.",
    remediation:
      'Give the log group a key with `aws logs associate-kms-key`; the policy of the key has to let `logs.REGION.amazonaws.com` use it. Older events stay as they are.',
    examples: { pass: 'the log group has a `kmsKeyId`', fail: 'it has none' },
    sources: ['Amazon CloudWatch Logs User Guide, Encrypt log data in CloudWatch Logs using AWS KMS'],
  },
  whenEncrypted(({ logGroup }) => {
    if (logGroup === undefined) return notApplicable('the trail has no log group, or it was not read');
    if (!logGroup.read) return undecided(`the log group could not be read: ${logGroup.reason}`, readIt(logGroup));
    const { arn, kmsKeyId } = logGroup.value;
    if (kmsKeyId !== null) return pass(`log group \`${arn}\` is encrypted with key \`${kmsKeyId}\``);
    const command = encryptLogGroupCommand(arn);
    return fail(`log group \`${arn}\` has no KMS key`, [[{ do: 'encrypt-log-group', command }]]);
  }),
);
