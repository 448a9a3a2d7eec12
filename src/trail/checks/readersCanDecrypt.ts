import type { World } from '../../policy/decision.ts';
import { present } from '../../policy/request.ts';
import { statementsIn } from '../accessQuestion.ts';
import { callerRequest } from '../adversaries.ts';
import { anyMay, type CallerAccess, everybodyNamed } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { quoted } from '../refusals.ts';
import { writePolicy } from '../remedies.ts';
import { shutOutByControls } from '../shutOutByControls.ts';

/** Somebody can read the logs. */
export const readersCanDecrypt = defineCheck(
  {
    id: 'readers-can-decrypt',
    title: 'Somebody can read the logs: a named principal, or principals to whom IAM gives it',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: CIS_ENCRYPTED,
    rationale:
      'Logs that nobody can decrypt are no evidence: who investigates an incident finds out at the worst time.',
    remediation:
      'Add a statement that lets the reading roles use `kms:Decrypt`, with `"Null":{"kms:EncryptionContext:aws:cloudtrail:arn":"false"}`.',
    examples: {
      pass: 'a statement for the account (IAM decides), or `kms:Decrypt` for a role',
      fail: 'only `cloudtrail.amazonaws.com` may use the key',
    },
    sources: ['AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail'],
  },
  whenPolicyRead((subject) => {
    const answer = askLogReaders(subject);
    if (answer.possible === 'yes') {
      const message = `statement ${quoted(answer.statements)} lets readers decrypt the logs`;
      return pass(message, { statements: answer.statements, dependsOn: [] });
    }
    const shutOut = shutOutByControls(subject, answer, {
      ask: readersOf,
      action: 'kms:Decrypt',
      doing: 'decrypt the logs',
      exempts: 'readers',
    });
    if (shutOut !== null) return shutOut;
    const remedy = writePolicy(subject, { edit: 'allow-readers' });
    if (answer.possible === 'no') return fail('nobody can decrypt the logs', remedy);
    const { statements, dependsOn } = answer.decision;
    return undecided(`whether anybody can decrypt the logs is open: ${answer.reason}`, remedy, {
      statements,
      dependsOn,
    });
  }),
);

/**
 * Whoever may decrypt under some trail's encryption context is asked again under this trail's: first in the same world, which
 * is quick to decide.
 */
function askLogReaders(subject: KeyPolicySubject): ReturnType<typeof askReaders> {
  const answer = askReaders(subject);
  if (answer.possible === 'no' || (answer.possible === 'yes' && !namesEncryptionContext(answer.world))) return answer;
  const { arn } = subject.trail;
  if (answer.possible === 'yes') {
    const world = { ...answer.world, [TRAIL_CONTEXT_KEY]: arn };
    const statements = statementsIn(subject, callerRequest(subject, answer.caller, 'kms:Decrypt'), world);
    if (statements !== null) return { ...answer, statements, world };
  }
  return anyMay(subject, everybodyNamed(subject), ['kms:Decrypt'], { known: { [TRAIL_CONTEXT_KEY]: present(arn) } });
}

const namesEncryptionContext = (world: World): boolean =>
  Object.keys(world).some((key) => key.toLowerCase() === TRAIL_CONTEXT_KEY.toLowerCase());

const readersOf = (subject: KeyPolicySubject): CallerAccess =>
  anyMay(subject, everybodyNamed(subject), ['kms:Decrypt']);

const askReaders = oncePerKey(readersOf);
