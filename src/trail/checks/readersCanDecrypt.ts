import type { World } from '../../policy/decision.ts';
import { present } from '../../policy/request.ts';
import { statementsIn } from '../accessQuestion.ts';
import { type CallingPrincipal, callerRequest, namedCaller } from '../adversaries.ts';
import { anyMay, type CallerAccess, everybodyNamed } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { type CheckResult, fail, pass, undecided } from '../checkResult.ts';
import { S3_CONTEXT_KEY, TRAIL_CONTEXT_KEY } from '../cloudTrail.ts';
import { LIST_GRANTS } from '../commands.ts';
import { CIS_ENCRYPTED } from '../controls.ts';
import { namedCrowds } from '../crowds.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import { whyUnclear } from '../grantBeneficiary.ts';
import { grantLabel, grantsToPrincipals, isConstraintKnown, withGrants } from '../grantStatements.ts';
import { type KeyPolicySubject, newQuestion } from '../keyPolicySubject.ts';
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
      pass: 'a statement for the account (IAM decides), or `kms:Decrypt` for a role by a statement or a grant',
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
    const granted = readBy(subject);
    if (granted !== null) return granted;
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
  return anyMay(subject, everybody(subject), ['kms:Decrypt'], { known: { [TRAIL_CONTEXT_KEY]: present(arn) } });
}

/** Grants of one key that are looked at, the first ones: each costs a question. */
const MOST_GRANTS = 500;

/** The finding where a grant lets somebody decrypt, or may; `null` where none does. */
function readBy(subject: KeyPolicySubject): CheckResult | null {
  const grants = grantsToPrincipals(subject).filter(({ operations }) => operations.includes('Decrypt'));
  const pairs = [TRAIL_CONTEXT_KEY, S3_CONTEXT_KEY].map((key) => key.replace('kms:EncryptionContext:', ''));
  const known = {
    [TRAIL_CONTEXT_KEY]: present(subject.trail.arn),
    'kms:EncryptionContextKeys': present(pairs),
  };
  const question = newQuestion(subject);
  let doubt: CheckResult | null = null;
  for (const grant of grants.slice(0, MOST_GRANTS)) {
    const granted = withGrants(question, [grant]);
    const answer = anyMay(granted, [namedCaller(granted, grant.granteePrincipal)], ['kms:Decrypt'], { known });
    if (answer.possible === 'no') continue;
    const evidence = { statements: [grantLabel(grant)], dependsOn: [] };
    if (answer.possible === 'yes' && isConstraintKnown(grant))
      return pass(`grant \`${grant.grantId}\` lets \`${grant.granteePrincipal}\` decrypt the logs`, evidence);
    const why = answer.possible === 'yes' ? whyUnclear(grant) : answer.reason;
    doubt ??= undecided(`whether anybody can decrypt the logs is open: ${why}`, LOOK_AT_GRANTS, evidence);
  }
  if (doubt !== null || grants.length <= MOST_GRANTS) return doubt;
  const why = `of ${grants.length} grants the first ${MOST_GRANTS} let nobody, and no more were looked at`;
  return undecided(`whether anybody can decrypt the logs is open: ${why}`, LOOK_AT_GRANTS);
}

const LOOK_AT_GRANTS = [[{ do: 'look-at-grant', command: LIST_GRANTS }]] as const;

const namesEncryptionContext = (world: World): boolean =>
  Object.keys(world).some((key) => key.toLowerCase() === TRAIL_CONTEXT_KEY.toLowerCase());

const readersOf = (subject: KeyPolicySubject): CallerAccess => anyMay(subject, everybody(subject), ['kms:Decrypt']);

/** Whomever the policies name, by itself, by its account or as a member of an organization. */
function* everybody(subject: KeyPolicySubject): Generator<CallingPrincipal> {
  yield* everybodyNamed(subject);
  for (const { any } of namedCrowds(subject)) yield any;
}

const askReaders = oncePerKey(readersOf);
