import { exampleIn, inWorld } from '../accessQuestion.ts';
import { type CallingPrincipal, foreignPrincipal, ordinaryPrincipals } from '../adversaries.ts';
import { anyMay } from '../callerAccess.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { accountsOfPrincipals, distinct, organizationsOfPrincipals } from '../policyNames.ts';
import { passOfEveryPolicy } from '../ramPolicy.ts';
import { quoted } from '../refusals.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsider, ownAccounts } from '../trust.ts';

/** Decrypt is not open to every principal of an organization or of another account. */
export const readersBounded = defineCheck(
  {
    id: 'readers-bounded',
    title:
      "Decrypt is not open to every principal of an organization, or of an account beside the key's and the trail's",
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale:
      "Where a whole account or organization may decrypt, each of its administrators decides who reads the logs, and the key's owner does not.",
    remediation:
      'Name the reading roles as principals, or add a condition on `aws:PrincipalArn` to the statement for the account or organization.',
    examples: {
      pass: '`AWS: arn:aws:iam::222222222222:role/auditor` may `kms:Decrypt`',
      fail: '`AWS: arn:aws:iam::222222222222:root` may `kms:Decrypt`; `AWS: *` with `aws:PrincipalOrgID` may',
    },
    sources: ['AWS KMS Developer Guide, Allowing users in other accounts to use a KMS key'],
  },
  whenPolicyRead((subject) => {
    const asked = askCrowds(subject);
    const open = asked.flatMap((crowd) => (crowd.possible === 'yes' ? [crowd] : []));
    const [first] = open;
    if (first !== undefined) {
      const statements = distinct(open.flatMap((crowd) => crowd.statements));
      const whom = open.map(({ name }) => name).join(', ');
      const who = exampleIn(first.world, ['aws:PrincipalArn'], first.caller.arn);
      const message = `statement ${quoted(statements)} opens kms:Decrypt to every principal of ${whom}: for example ${who}${inWorld(first.world, ['aws:PrincipalArn'])}`;
      const conditionKeys = ['aws:PrincipalArn'];
      const remedy = writePolicy(subject, { edit: 'name-principals', who: 'reading roles', statements, conditionKeys });
      return fail(message, remedy, {
        statements,
        dependsOn: distinct(open.flatMap(({ world }) => Object.keys(world))),
      });
    }
    const [doubt] = asked.flatMap((crowd) => (crowd.possible === 'open' ? [crowd] : []));
    if (doubt === undefined)
      return passOfEveryPolicy(subject, pass('no other account and no organization may decrypt as a whole'));
    const { statements, dependsOn } = doubt.decision;
    const message = `whether every principal of ${doubt.name} may kms:Decrypt is open: ${doubt.reason}`;
    return undecided(message, editPolicy({ edit: 'name-readers' }), { statements, dependsOn });
  }),
);

const askCrowds = oncePerKey((subject) =>
  crowds(subject).map(({ name, callers }) => ({ name, ...anyMay(subject, callers, ['kms:Decrypt']) })),
);

/** Accounts and organizations that could be allowed as a whole: those that are named, and any that is not. */
function crowds(
  subject: KeyPolicySubject,
): readonly { readonly name: string; readonly callers: readonly CallingPrincipal[] }[] {
  const foreign = outsider(subject);
  const own = ownAccounts(subject);
  const accounts = accountsOfPrincipals(subject.policies).filter((account) => !own.includes(account));
  return [
    ...accounts.map((account) => ({
      name: `account \`${account}\``,
      callers: ordinaryPrincipals(subject, foreign, account, null),
    })),
    ...organizationsOfPrincipals(subject.policies).map((id) => ({
      name: `organization \`${id}\``,
      callers: ordinaryPrincipals(subject, foreign, foreign.account, id),
    })),
    { name: 'any account', callers: [foreignPrincipal(subject, foreign)] },
  ];
}
