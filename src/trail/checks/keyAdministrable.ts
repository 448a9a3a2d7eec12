import type { CallingPrincipal } from '../adversaries.ts';
import { anyMay, type CallerAccess, everybodyNamed } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { editPolicy } from '../remedies.ts';
import { shutOutByControls } from '../shutOutByControls.ts';

/** Somebody can still change the key policy. */
export const keyAdministrable = defineCheck(
  {
    id: 'key-administrable',
    title: 'Somebody can change the key policy',
    severity: 'HIGH',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'key',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'A key policy that lets nobody change it stays as it is for ever: no mistake in it can be fixed, and only AWS Support can help.',
    remediation:
      'Ask AWS Support to give access to the key back. Until then move the trail to another key with `aws cloudtrail update-trail --kms-key-id`, and keep the old key for the existing logs.',
    examples: {
      pass: 'a statement gives `kms:*` to `arn:aws:iam::111111111111:root`',
      fail: 'the statement for the administrators has the Resource `arn:aws:s3:::bucket`, and there is no other',
    },
    sources: ['AWS KMS Developer Guide, Default key policy', 'AWS KMS API Reference, PutKeyPolicy'],
  },
  whenPolicyRead((subject) => {
    const { metadata } = subject.key;
    if (metadata.read && metadata.value.manager === 'AWS') return notApplicable('AWS manages the key and its policy');
    const answer = askAdministrators(subject);
    if (answer.possible === 'yes') {
      const message = `statement ${quoted(answer.statements)} lets administrators change the key policy`;
      return pass(message, { statements: answer.statements, dependsOn: [] });
    }
    const shutOut = shutOutByControls(subject, answer, {
      ask: administratorsOf,
      action: 'kms:PutKeyPolicy',
      doing: 'change the key policy',
      exempts: 'administrators',
    });
    if (shutOut !== null) return shutOut;
    if (answer.possible === 'no') return fail('nobody can change the key policy any more', [[{ do: 'ask-support' }]]);
    const { statements, dependsOn } = answer.decision;
    const message = `whether anybody can change the key policy is open: ${answer.reason}`;
    return undecided(message, editPolicy({ edit: 'allow-administrator' }), { statements, dependsOn });
  }),
);

/** PutKeyPolicy works in the key's own account alone. */
const administratorsOf = (subject: KeyPolicySubject): CallerAccess =>
  anyMay(subject, everybodyOfKeysAccount(subject), ['kms:PutKeyPolicy']);

function* everybodyOfKeysAccount(subject: KeyPolicySubject): Generator<CallingPrincipal> {
  for (const caller of everybodyNamed(subject)) if (caller.account === subject.keyAccount) yield caller;
}

/** Whether anybody could change the key policy. */
export const askAdministrators = oncePerKey(administratorsOf);
