import { KEY_CHOSEN } from '../changes.ts';
import { fail, inBrief, pass, undecided } from '../checkResult.ts';
import { CIS_ENCRYPTED, KEPT } from '../controls.ts';
import { defineCheck, existenceOf, recorded, unlessDelivered, whenEncrypted } from '../defineCheck.ts';
import { readIt, setKey } from '../remedies.ts';

/** The key is there. */
export const keyExists = defineCheck(
  {
    id: 'key-exists',
    title: 'The key that the trail names exists',
    severity: 'CRITICAL',
    urgency: 'delivery-stops',
    isDecisive: true,
    speaksOf: 'trail',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    controls: [...KEPT, ...CIS_ENCRYPTED],
    rationale:
      'With a key that is gone CloudTrail does not fall back to SSE-S3: delivery stops until the trail gets another key, and logs encrypted with the old key can never be read again.',
    remediation:
      'Give the trail a key that exists: `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`. CloudTrail tries for 30 days to deliver what is waiting.',
    examples: {
      pass: 'DescribeKey answers for the key that the trail names',
      fail: 'DescribeKey answers NotFoundException, or no key has the alias',
    },
    sources: ['AWS KMS API Reference, DescribeKey', 'AWS KMS Developer Guide, Delete an AWS KMS key'],
  },
  unlessDelivered(
    whenEncrypted((trail, key) => {
      const exists = existenceOf(key);
      const name = `the key \`${key.arn ?? key.reference}\``;
      if (!exists.read) {
        const doubt = (which: string) => `nobody knows whether ${which} exists: ${exists.reason}`;
        return inBrief(doubt('the key'), undecided(doubt(name), readIt(exists)));
      }
      if (exists.value) return recorded(pass(`${name} exists`), exists.capturedAt);
      const gone = 'does not exist: CloudTrail delivers nothing until the trail has a key that works';
      const failure = fail(`${name} ${gone}`, [[setKey(trail, 'existing')]]);
      return recorded(inBrief(`the key ${gone}`, failure), exists.capturedAt);
    }),
  ),
);
