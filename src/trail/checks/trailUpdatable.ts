import { POLICY_OR_KEY } from '../changes.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { probeRequest } from '../encryptRequests.ts';
import { decideRequest } from '../oneRequest.ts';
import { encryptStatement } from '../statements.ts';

/** The policies allow CloudTrail the GenerateDataKey with which it tries the key. */
export const trailUpdatable = defineCheck(
  {
    id: 'trail-updatable',
    title: 'CloudTrail may try the key when the trail is created or updated',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'runbook',
    brokenBy: POLICY_OR_KEY,
    isNeededToTakeKey: true,
    controls: [],
    rationale:
      'CloudTrail tries the key when a trail is created or updated, and refuses the change where it may not use it. Delivery goes on without it. Whether that request names the folder of the logs or a file in it, documents disagree.',
    remediation:
      'Let the statement for CloudTrail accept every path below `AWSLogs/`, or take the condition on `aws:s3:arn` out: `aws:SourceArn` binds the statement to the trail.',
    examples: {
      pass: 'no condition on `aws:s3:arn`, or one that accepts the folder `AWSLogs/ACCOUNT/` and the log files in it',
      fail: 'no statement allows `kms:GenerateDataKey*` to CloudTrail; a condition that accepts digest files alone',
    },
    sources: [
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
      'AWS KMS Developer Guide, How AWS CloudTrail uses AWS KMS',
    ],
  },
  whenPolicyRead((subject) =>
    decideRequest(subject, {
      request: probeRequest,
      may: 'CloudTrail may try the key on an update of the trail',
      mayNot: 'CloudTrail may not try the key, so that updates of the trail may be refused',
      statement: () => encryptStatement(subject.trail),
      otherwise: { edit: 'add-published-statement' },
    }),
  ),
);
