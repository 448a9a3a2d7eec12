import { ordinaryPrincipals } from '../adversaries.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { exposureTo } from '../exposure.ts';
import { MANAGEMENT } from '../kmsActions.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsider } from '../trust.ts';

/** Managing the key is not open to every principal of its own account, whatever the account's IAM policies say. */
export const administrationBounded = defineCheck(
  {
    id: 'administration-bounded',
    title: "Managing the key is not open to every principal of the key's account past its IAM policies",
    severity: 'HIGH',
    urgency: 'others-get-in',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'KMS lets no other account manage a key, but an Allow of `kms:PutKeyPolicy` or `kms:ScheduleKeyDeletion` for `*` needs no IAM policy: the least role of the account can take the key away, together with every log.',
    remediation:
      'Name the administrators as principals of the statement, or the account (`arn:aws:iam::ACCOUNT:root`), so that its IAM policies decide.',
    examples: {
      pass: 'a statement gives `kms:*` to `arn:aws:iam::111111111111:root`: IAM decides',
      fail: '`AWS: *` with `kms:CallerAccount` equal to the account may `kms:ScheduleKeyDeletion`',
    },
    sources: [
      'AWS KMS Developer Guide, Key policies in AWS KMS',
      'IAM User Guide, AWS JSON policy elements: Principal',
    ],
  },
  whenPolicyRead((subject) => {
    const { metadata } = subject.key;
    if (metadata.read && metadata.value.manager === 'AWS') return notApplicable('AWS manages the key and its policy');
    const found = askOwnAccount(subject);
    if (found === null) return pass("no statement opens managing the key to every principal of the key's account");
    const { evidence } = found;
    if (found.is === 'undecided') {
      const message = `whether every principal of the key's account may ${found.action} is open: ${found.reason}`;
      return undecided(message, editPolicy({ edit: 'bound-callers' }), evidence);
    }
    const { statements } = evidence;
    const message = `statement ${quoted(statements)} lets every principal of the key's account manage the key, whatever its IAM policies say: for example ${found.example}`;
    const narrowing = { who: 'administrators', statements, conditionKeys: ['aws:PrincipalArn'] } as const;
    return fail(message, writePolicy(subject, { edit: 'name-principals', ...narrowing }), evidence);
  }),
);

const askOwnAccount = oncePerKey((subject) => {
  const callers = ordinaryPrincipals(subject, outsider(subject), subject.keyAccount);
  return exposureTo(subject, callers, MANAGEMENT, true);
});
