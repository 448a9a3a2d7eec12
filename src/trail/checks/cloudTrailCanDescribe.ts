import { fail, inBrief, pass, undecided } from '../checkResult.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { grantedInstead } from '../grantedAccess.ts';
import { doubtRemedy, grantRemedy } from '../grantRemedy.ts';
import { editPolicy } from '../remedies.ts';
import { describeRequest } from '../requests.ts';
import * as access from '../serviceAccess.ts';
import { describeStatement } from '../statements.ts';

/** The policies allow CloudTrail to describe the key. */
export const cloudTrailCanDescribe = defineCheck(
  {
    id: 'cloudtrail-can-describe',
    title: 'CloudTrail may describe the key',
    severity: 'LOW',
    urgency: 'some-day',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'runbook',
    isNeededToTakeKey: true,
    controls: CIS_ENCRYPTED,
    rationale:
      "AWS documents DescribeKey as required, although trails deliver without it and AWS's own Control Tower policy leaves it out. Changing the trail may be refused.",
    remediation:
      'Add a statement that lets `cloudtrail.amazonaws.com` use `kms:DescribeKey`. It must not depend on the encryption context: DescribeKey carries none.',
    examples: {
      pass: 'an Allow of `kms:DescribeKey` for CloudTrail, unconditioned or with `aws:SourceArn`',
      fail: '`kms:DescribeKey` shares a statement with GenerateDataKey that has a condition on the encryption context',
    },
    sources: ['AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail'],
  },
  whenPolicyRead((subject) => {
    const { trail } = subject;
    const all = access.answers(subject, [describeRequest(subject)]);
    const evidence = access.evidenceOf(all);
    const denied = access.deniedOf(all);
    if (denied.length > 0) {
      const open = grantedInstead(subject, (granted) => [describeRequest(granted)]);
      const remedy = grantRemedy(subject, denied, describeStatement(trail));
      if (open !== null) return undecided(`whether CloudTrail may kms:DescribeKey is open: ${open}`, remedy);
      const message = `CloudTrail may not kms:DescribeKey: ${access.refusalsInWords(denied)}`;
      return inBrief(access.refusalsInBrief(denied), fail(message, remedy, evidence));
    }
    if (access.unknownOf(all).length === 0) return pass('CloudTrail may kms:DescribeKey', evidence);
    const remedy = doubtRemedy(subject, all, editPolicy({ edit: 'allow-cloudtrail', action: 'kms:DescribeKey' }));
    return undecided(`whether CloudTrail may kms:DescribeKey is open: ${access.doubtsInWords(all)}`, remedy, evidence);
  }),
);
