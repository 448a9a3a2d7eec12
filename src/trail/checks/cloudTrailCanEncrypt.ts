import { fail, pass, undecided } from '../checkResult.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, unlessDelivered, whenPolicyRead } from '../defineCheck.ts';
import { grantedInstead } from '../grantedAccess.ts';
import { grantRemedy } from '../grantRemedy.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { editPolicy } from '../remedies.ts';
import { encryptRequests, insightsRequest } from '../requests.ts';
import * as access from '../serviceAccess.ts';
import { encryptStatement } from '../statements.ts';

/** The policies allow CloudTrail every GenerateDataKey that this trail needs. */
export const cloudTrailCanEncrypt = defineCheck(
  {
    id: 'cloudtrail-can-encrypt',
    title:
      'CloudTrail may generate data keys for this trail: for the probe, log files, digest files and Insights files',
    severity: 'CRITICAL',
    urgency: 'delivery-stops',
    isDecisive: true,
    speaksOf: 'trail',
    repairedBy: 'runbook',
    controls: CIS_ENCRYPTED,
    rationale:
      'A key that does not let CloudTrail encrypt stops delivery: CloudTrail does not fall back to SSE-S3. For a service only the key policy surely allows; neither IAM nor the statement for the account does, and that a grant does nobody documents.',
    remediation:
      'Add or correct the statement that lets `cloudtrail.amazonaws.com` use `kms:GenerateDataKey*`, with `aws:SourceArn` equal to the ARN of the trail, and write the policy with `aws kms put-key-policy`.',
    examples: {
      pass: 'an Allow for `cloudtrail.amazonaws.com` whose `aws:SourceArn` is the ARN of the trail',
      fail: 'only the statement for the account; a condition with another account, Region or name; a Deny that covers services',
    },
    sources: [
      'AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail',
      'AWS KMS Developer Guide, AWS KMS condition keys',
    ],
  },
  unlessDelivered(
    whenPolicyRead((subject) => {
      const { trail } = subject;
      const all = access.answers(subject, encryptRequests(subject));
      const denied = access.deniedOf(all);
      if (denied.length > 0) {
        const open = grantedInstead(subject, encryptRequests);
        const remedy = grantRemedy(subject, denied, encryptStatement(trail));
        if (open !== null) return undecided(`whether CloudTrail may kms:GenerateDataKey is open: ${open}`, remedy);
        const which = denied.length === all.length ? '' : ` for the ${access.purposes(denied)}`;
        const message = `CloudTrail may not kms:GenerateDataKey${which}: ${access.refusalsInWords(denied)}`;
        return fail(message, remedy, access.evidenceOf(denied));
      }
      const doubtful = access.unknownOf(all);
      if (doubtful.length > 0) {
        const which = doubtful.length === all.length ? '' : ` for the ${access.purposes(doubtful)}`;
        const message = `whether CloudTrail may kms:GenerateDataKey${which} is open: ${access.doubtsInWords(doubtful)}`;
        return undecided(message, editPolicy({ edit: 'add-published-statement' }), access.evidenceOf(doubtful));
      }
      const message = `CloudTrail may kms:GenerateDataKey for the ${access.purposes(all)}${notes(subject)}`;
      return pass(message, access.evidenceOf(all));
    }),
  ),
);

/** What a pass does not cover. */
function notes(subject: KeyPolicySubject): string {
  const unexamined =
    subject.unexamined === null ? '' : `; resource control policies not examined (${subject.unexamined})`;
  if (subject.trail.hasInsightSelectors !== null) return unexamined;
  const insights = access.answers(subject, [insightsRequest(subject)]);
  const isOpen = insights.every(({ decision }) => decision.outcome === 'allowed');
  return isOpen ? unexamined : `; not for Insights files, should the trail select them${unexamined}`;
}
