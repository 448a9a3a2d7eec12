import { KEY_CHOSEN } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, unlessDelivered, whenMetadataRead } from '../defineCheck.ts';
import { READ_IT, setKey } from '../remedies.ts';

/** The key's manager is the customer. */
export const keyCustomerManaged = defineCheck(
  {
    id: 'key-customer-managed',
    title: 'The key is customer-managed',
    severity: 'HIGH',
    urgency: 'delivery-stops',
    isDecisive: true,
    speaksOf: 'trail',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    controls: CIS_ENCRYPTED,
    rationale:
      "The policy of an AWS managed key cannot be edited: it cannot allow CloudTrail, and nobody can bound the logs' readers by it.",
    remediation:
      'Create a customer-managed key with a policy that allows CloudTrail and give it to the trail: `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`.',
    examples: { pass: 'KeyManager is `CUSTOMER`', fail: 'KeyManager is `AWS` (`alias/aws/s3`)' },
    sources: ['AWS KMS Developer Guide, AWS KMS keys', 'CIS AWS Foundations Benchmark'],
  },
  unlessDelivered(
    whenMetadataRead(({ manager }, trail) => {
      if (manager === 'CUSTOMER') return pass('the key is customer-managed');
      if (manager !== 'AWS') return undecided('who manages the key is not known', READ_IT);
      return fail('the key is an AWS managed key: its policy cannot be edited and cannot allow CloudTrail', [
        [{ do: 'create-key', kind: 'customer-managed' }, setKey(trail)],
      ]);
    }),
  ),
);
