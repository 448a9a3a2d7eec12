import { foreignPrincipal } from '../adversaries.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { PRIVATE } from '../controls.ts';
import { defineCheck } from '../defineCheck.ts';
import { exposureTo } from '../exposure.ts';
import { USES_BY_OUTSIDERS } from '../kmsActions.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { whenEveryPolicyRead } from '../relatedKeys.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsiders } from '../trust.ts';

/** No principal of an arbitrary, unnamed account can use the key, by any operation that KMS lets other accounts call. */
export const publicExcluded = defineCheck(
  {
    id: 'public-excluded',
    title: 'No principal of an account that the policy does not name can use the key',
    severity: 'CRITICAL',
    urgency: 'others-get-in',
    isDecisive: true,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: PRIVATE,
    rationale:
      'A key that everybody may use protects nothing, and who may create or revoke grants decides who else uses it.',
    remediation:
      'Replace the principal `*` by the principals that need the key, or bind the statement with `kms:CallerAccount` or `aws:PrincipalOrgID`.',
    examples: {
      pass: "the console's default: `AWS: *` with `kms:CallerAccount` equal to the account",
      fail: '`AWS: *` with `kms:*` and no condition',
    },
    sources: [
      'AWS KMS Developer Guide, Key policies in AWS KMS',
      'AWS KMS API Reference, Cross-account use',
      'AWS Security Hub User Guide, KMS.5',
      'IAM User Guide, AWS JSON policy elements: Principal',
    ],
  },
  whenEveryPolicyRead((subject) => {
    const found = askStranger(subject);
    if (found === null) return pass('no principal of an account that the policy does not name can use the key');
    const { evidence } = found;
    if (found.is === 'undecided') {
      const message = `whether principals of any account may ${found.action} is open: ${found.reason}`;
      return undecided(message, editPolicy({ edit: 'bound-callers' }), evidence);
    }
    const { statements } = evidence;
    const message = `statement ${quoted(statements)} is public: for example ${found.example}`;
    const conditionKeys = ['kms:CallerAccount', 'aws:PrincipalOrgID'];
    const remedy = writePolicy(subject, { edit: 'name-principals', who: 'principals', statements, conditionKeys });
    return fail(message, remedy, evidence);
  }),
);

/** The stranger to whom most is open. */
const askStranger = oncePerKey((subject) =>
  exposureTo(
    subject,
    outsiders(subject).map((foreign) => foreignPrincipal(subject, foreign)),
    USES_BY_OUTSIDERS,
  ),
);
