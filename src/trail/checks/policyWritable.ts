import { type PolicyRefusal, policyRefusals } from '../../policy/policyRefusals.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenKeyExists } from '../defineCheck.ts';
import type { KeyFacts } from '../facts.ts';
import { keyPolicySubject } from '../keyPolicySubject.ts';
import { distinct } from '../policyNames.ts';
import { quoted } from '../refusals.ts';
import { editPolicy } from '../remedies.ts';
import { askAdministrators } from './keyAdministrable.ts';

/** KMS would take the key policy that a file writes. */
export const policyWritable = defineCheck(
  {
    id: 'policy-writable',
    title: 'KMS would take the key policy as it stands',
    severity: 'HIGH',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'KMS refuses a policy with a principal that does not exist, a statement that is not the grammar of IAM, or that locks its writer out: the deployment fails, and the trail stays as it was.',
    remediation: 'Correct the named statement in the file, then check it again before it is deployed.',
    examples: {
      pass: 'every statement has a principal that can exist, and the account keeps `kms:PutKeyPolicy`',
      fail: 'a statement has `"Principal": "cloudtrail.amazonaws.com"`, or `arn:aws:iam::111111111111:role/*`',
    },
    sources: [
      'AWS KMS API Reference, PutKeyPolicy',
      'AWS KMS Developer Guide, Key policies in AWS KMS',
      'IAM User Guide, Grammar of the IAM JSON policy language',
    ],
  },
  whenKeyExists((trail, key, options) => {
    const { planned } = key;
    if (planned === undefined) return notApplicable('KMS has taken the key policy already: the key is deployed');
    if (!planned.document.read) {
      const message = `the key policy could not be read: ${planned.document.reason}`;
      return undecided(message, editPolicy({ edit: 'make-evaluable' }));
    }
    const refusals = policyRefusals(planned.document.value);
    if (refusals.length > 0) return refused(refusals);
    const note = noteOn(key.policy);
    if (planned.skipsLockoutCheck === true)
      return pass(`KMS would take the key policy, without the lockout safety check${note}`);
    const subject = keyPolicySubject(trail, key, options);
    if (!subject.read) return undecided(subject.reason, editPolicy({ edit: 'make-evaluable' }));
    if (askAdministrators(subject.value).possible !== 'no') return pass(`KMS would take the key policy${note}`);
    const message = 'nobody could change the key policy again, and the lockout safety check of KMS refuses that';
    const remedy = editPolicy({ edit: 'allow-administrator' });
    return planned.skipsLockoutCheck === null
      ? undecided(`${message}, unless the file turns it off, which is not resolved`, remedy)
      : fail(message, remedy);
  }),
);

/** Whether KMS refuses a Sid that is used twice no source settles. */
function noteOn(policy: KeyFacts['policy']): string {
  const issues = policy.read && policy.value.valid ? policy.value.policy.issues : [];
  const twice = distinct(issues.flatMap(({ kind, statement }) => (kind === 'sid-twice' ? (statement ?? []) : [])));
  return twice.length === 0 ? '' : `; that the Sid ${quoted(twice)} is used twice may still be refused`;
}

function refused(refusals: readonly PolicyRefusal[]): ReturnType<typeof fail> {
  const said = refusals.map(({ statement, message }) =>
    statement === null ? message : `statement \`${statement}\`: ${message}`,
  );
  const statements = distinct(refusals.flatMap(({ statement }) => statement ?? []));
  const remedy = editPolicy({ edit: 'make-writable', statements });
  return fail(`KMS refuses the key policy: ${said.join('; ')}`, remedy, { statements, dependsOn: [] });
}
