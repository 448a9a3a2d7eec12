import { type AccessAnswer, askAccess, exampleIn, inWorld, mostExposed } from '../accessQuestion.ts';
import { askEach } from '../actionKinds.ts';
import { callerRequest, foreignPrincipal, SENSITIVE } from '../adversaries.ts';
import { fail, pass, undecided } from '../checkResult.ts';
import { securityHub } from '../controls.ts';
import { defineCheck } from '../defineCheck.ts';
import { oncePerKey } from '../oncePerKey.ts';
import { distinct, listed } from '../policyNames.ts';
import { quoted } from '../refusals.ts';
import { whenEveryPolicyRead } from '../relatedKeys.ts';
import { editPolicy, writePolicy } from '../remedies.ts';
import { outsiders } from '../trust.ts';

/** No principal of an arbitrary, unnamed account can decrypt, use or administer the key. */
export const publicExcluded = defineCheck(
  {
    id: 'public-excluded',
    title: 'No principal of an account that the policy does not name can decrypt, use or administer the key',
    severity: 'CRITICAL',
    urgency: 'others-get-in',
    isDecisive: true,
    speaksOf: 'key',
    repairedBy: 'person',
    controls: [securityHub('KMS.5')],
    rationale:
      'A key that everybody may use protects nothing, and a key that everybody may administer can be taken away together with every log.',
    remediation:
      'Replace the principal `*` by the principals that need the key, or bind the statement with `kms:CallerAccount` or `aws:PrincipalOrgID`.',
    examples: {
      pass: "the console's default: `AWS: *` with `kms:CallerAccount` equal to the account",
      fail: '`AWS: *` with `kms:*` and no condition',
    },
    sources: [
      'AWS KMS Developer Guide, Key policies in AWS KMS',
      'AWS Security Hub User Guide, KMS.5',
      'IAM User Guide, AWS JSON policy elements: Principal',
    ],
  },
  whenEveryPolicyRead((subject) => {
    const { caller, asked } = askStranger(subject);
    const open = asked.filter(isPossible);
    const [first] = open;
    if (first !== undefined) {
      const statements = distinct(open.flatMap(({ answer }) => answer.statements));
      const actions = listed(open.map(({ action }) => action));
      const { world } = first.answer;
      const who = exampleIn(world, ['aws:PrincipalArn'], caller.arn);
      const message = `statement ${quoted(statements)} is public: for example ${who} may ${actions}${inWorld(world, ['aws:PrincipalArn'])}`;
      const conditionKeys = ['kms:CallerAccount', 'aws:PrincipalOrgID'];
      const remedy = writePolicy(subject, { edit: 'name-principals', who: 'principals', statements, conditionKeys });
      const dependsOn = distinct(open.flatMap(({ answer }) => Object.keys(answer.world)));
      return fail(message, remedy, { statements, dependsOn });
    }
    const doubts = asked.flatMap(({ action, answer }) => (answer.possible === 'open' ? [{ action, ...answer }] : []));
    const [doubt] = doubts;
    if (doubt === undefined) return pass('no principal of an account that the policy does not name can use the key');
    const statements = distinct(doubts.flatMap(({ decision }) => decision.statements));
    const dependsOn = distinct(doubts.flatMap(({ decision }) => decision.dependsOn));
    const message = `whether principals of any account may ${doubt.action} is open: ${doubt.reason}`;
    return undecided(message, editPolicy({ edit: 'bound-callers' }), { statements, dependsOn });
  }),
);

/** The stranger to whom most is open. */
const askStranger = oncePerKey((subject) => {
  const strangers = outsiders(subject).map((foreign) => {
    const caller = foreignPrincipal(subject, foreign);
    const ask = (action: string) => askAccess(subject, callerRequest(subject, caller, action));
    return { caller, asked: askEach(subject, SENSITIVE, ask) };
  });
  return mostExposed(strangers, ({ asked }) => asked.map(({ answer }) => answer));
});

const isPossible = (asked: {
  readonly action: string;
  readonly answer: AccessAnswer;
}): asked is { readonly action: string; readonly answer: Extract<AccessAnswer, { possible: 'yes' }> } =>
  asked.answer.possible === 'yes';
