import { KEY_CHOSEN } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenMetadataRead } from '../defineCheck.ts';
import { READ_IT, setKey } from '../remedies.ts';

const SPEC = 'SYMMETRIC_DEFAULT';
const USAGE = 'ENCRYPT_DECRYPT';

/** The key is symmetric and made for encryption. */
export const keySymmetric = defineCheck(
  {
    id: 'key-symmetric',
    title: 'The key is symmetric and made for encryption',
    severity: 'HIGH',
    urgency: 'delivery-stops',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'chosen-key',
    brokenBy: KEY_CHOSEN,
    isNeededToTakeKey: true,
    controls: [],
    rationale: 'CloudTrail and S3 encrypt with symmetric keys only: with any other key nothing is delivered.',
    remediation:
      'Create a symmetric encryption key (`aws kms create-key` without a key spec), allow CloudTrail by its policy and give it to the trail with `--kms-key-id`.',
    examples: { pass: `KeySpec is \`${SPEC}\` and KeyUsage is \`${USAGE}\``, fail: 'KeySpec is `RSA_2048`' },
    sources: ['AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail'],
  },
  whenMetadataRead(({ spec, usage }, trail) => {
    const wrong = [
      ...(spec === null || spec === SPEC ? [] : [`its spec is \`${spec}\``]),
      ...(usage === null || usage === USAGE ? [] : [`its usage is \`${usage}\``]),
    ];
    if (wrong.length > 0) {
      return fail(`the key cannot encrypt logs: ${wrong.join(' and ')}`, [
        [{ do: 'create-key', kind: 'symmetric encryption' }, setKey(trail)],
      ]);
    }
    if (spec === null || usage === null) return undecided("the key's spec or usage is not known", READ_IT);
    return pass('the key is a symmetric encryption key');
  }),
);
