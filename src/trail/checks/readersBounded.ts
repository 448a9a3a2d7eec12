import { exampleIn, inWorld } from '../accessQuestion.ts';
import { type CallingPrincipal, foreignPrincipal } from '../adversaries.ts';
import { anyMay } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { namedCrowds } from '../crowds.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { distinct } from '../policyNames.ts';
import { passOfEveryPolicy } from '../ramPolicy.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsiders } from '../trust.ts';

/** Decrypt is not open to every principal of an organization or of unnamed accounts. */
export const readersBounded = defineCheck(
  {
    id: 'readers-bounded',
    title: 'Decrypt is not open to every principal of an organization, or of accounts that the policy does not name',
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      "Where a whole organization may decrypt, the administrators of each of its accounts decide who reads the logs, and the key's owner does not. A statement for one named account hands the decision to that account's IAM; whether it is trusted is `named-accounts-trusted`.",
    remediation:
      'Name the reading roles or their accounts as principals, or add a condition on `aws:PrincipalArn` to the statement for the organization.',
    examples: {
      pass: '`AWS: arn:aws:iam::222222222222:role/auditor` or `AWS: arn:aws:iam::222222222222:root` may `kms:Decrypt`',
      fail: '`AWS: *` with `aws:PrincipalOrgID` may `kms:Decrypt`',
    },
    sources: ['AWS KMS Developer Guide, Allowing users in other accounts to use a KMS key'],
  },
  whenPolicyRead((subject) => {
    const asked = askCrowds(subject);
    const open = asked.flatMap((crowd) => (crowd.possible === 'yes' ? [crowd] : []));
    const [first] = open;
    if (first !== undefined) {
      const statements = distinct(open.flatMap((crowd) => crowd.statements));
      const whom = open.map(({ everybody }) => everybody).join(', ');
      const who = exampleIn(first.world, ['aws:PrincipalArn'], first.caller.arn);
      const message = `statement ${quoted(statements)} opens kms:Decrypt to ${whom}: for example ${who}${inWorld(first.world, ['aws:PrincipalArn'])}`;
      const conditionKeys = ['aws:PrincipalArn'];
      const remedy = writePolicy(subject, { edit: 'name-principals', who: 'reading roles', statements, conditionKeys });
      return fail(message, remedy, {
        statements,
        dependsOn: distinct(open.flatMap(({ world }) => Object.keys(world))),
      });
    }
    const [doubt] = asked.flatMap((crowd) => (crowd.possible === 'open' ? [crowd] : []));
    if (doubt === undefined)
      return passOfEveryPolicy(
        subject,
        pass('no organization and no account that the policy does not name may decrypt as a whole'),
      );
    const { statements, dependsOn } = doubt.decision;
    const message = `whether ${doubt.everybody} may kms:Decrypt is open: ${doubt.reason}`;
    return undecided(message, editPolicy({ edit: 'name-readers' }), { statements, dependsOn });
  }),
);

const askCrowds = oncePerKey((subject) =>
  crowds(subject).map(({ everybody, callers }) => ({ everybody, ...anyMay(subject, callers, ['kms:Decrypt']) })),
);

/** Those that could be allowed as a whole: organizations that are named, and any account that is not. */
const crowds = (
  subject: KeyPolicySubject,
): readonly { readonly everybody: string; readonly callers: readonly CallingPrincipal[] }[] => [
  ...namedCrowds(subject).map(({ everybody, ordinary }) => ({ everybody, callers: ordinary })),
  {
    everybody: 'every principal of any account',
    callers: outsiders(subject).map((foreign) => foreignPrincipal(subject, foreign)),
  },
];
