import { matchesPattern } from '../arn.ts';
import { KEY_CHOSEN } from '../changes.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenKeyExists } from '../defineCheck.ts';
import { addTo, READ_IT, setKey } from '../remedies.ts';

/** The key is one of those that the operator allows. */
export const keyApproved = defineCheck(
  {
    id: 'key-approved',
    title: 'The key is one of `allowedKmsKeys`',
    severity: 'HIGH',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    controls: [],
    rationale:
      'A customer-managed key is only as good as its owners: where an organization keeps log keys in one account, a key from elsewhere escapes their control.',
    remediation:
      'Give the trail an approved key (`aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`), or add its ARN to the rule parameter `allowedKmsKeys`.',
    examples: {
      pass: '`allowedKmsKeys` is `arn:aws:kms:*:222222222222:key/*` and the key belongs to 222222222222',
      fail: 'the key belongs to another account than those in `allowedKmsKeys`',
    },
    sources: ['Rule parameter `allowedKmsKeys`'],
  },
  whenKeyExists((trail, { arn, reference }, { allowedKmsKeys }) => {
    if (allowedKmsKeys === null) return notApplicable('`allowedKmsKeys` is not set');
    if (arn === null) return undecided(`the ARN of key \`${reference}\` is not known`, READ_IT);
    const pattern = allowedKmsKeys.find((allowed) => matchesPattern(arn, allowed));
    if (pattern !== undefined) return pass(`the key is approved by \`${pattern}\``);
    return fail(`the key \`${arn}\` is none of \`allowedKmsKeys\``, [
      [setKey(trail, 'approved')],
      [addTo('the key', 'allowedKmsKeys')],
    ]);
  }),
);
