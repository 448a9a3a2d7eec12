import { POLICY_OR_KEY } from '../changes.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { decideRequest } from '../oneRequest.ts';
import { describeRequest } from '../requests.ts';
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
    brokenBy: POLICY_OR_KEY,
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
  whenPolicyRead((subject) =>
    decideRequest(subject, {
      request: describeRequest,
      may: 'CloudTrail may kms:DescribeKey',
      mayNot: 'CloudTrail may not kms:DescribeKey',
      statement: () => describeStatement(subject.trail),
      otherwise: { edit: 'allow-cloudtrail', action: 'kms:DescribeKey' },
    }),
  ),
);
