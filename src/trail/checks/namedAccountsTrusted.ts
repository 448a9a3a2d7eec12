import type { AccessAnswer } from '../accessQuestion.ts';
import { anyPrincipalOf, type CallingPrincipal, namedCaller, outsideOrganizations } from '../adversaries.ts';
import { principalAccount } from '../arn.ts';
import { admittedActions, anyMay } from '../callerAccess.ts';
import { POLICY_OR_KEY } from '../changes.ts';
import { type CheckResult, fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { type Crowd, namedCrowds } from '../crowds.ts';
import { type DecideTrail, defineCheck, whenPolicyRead } from '../defineCheck.ts';
import type { KeyPolicySubject } from '../keyPolicySubject.ts';
import { oncePerKey } from '../oncePerKey.ts';
import * as names from '../policyNames.ts';
import { passOfEveryPolicy } from '../ramPolicy.ts';
import { quoted } from '../refusals.ts';
import { addTo, editPolicy } from '../remedies.ts';
import { untrustedShares } from '../shares.ts';
import { insiders, trustedOrganizations } from '../trust.ts';

/** Every other account or organization that the policy allows is trusted. */
export const namedAccountsTrusted = defineCheck(
  {
    id: 'named-accounts-trusted',
    title: 'Every other account or organization that the key policy allows is trusted',
    severity: 'HIGH',
    urgency: 'others-get-in',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    brokenBy: POLICY_OR_KEY,
    controls: [],
    rationale:
      'A policy outlives the vendor, the merger and the typing error that brought an account id into it: whoever holds that account may still read the logs.',
    remediation:
      'Remove the account or organization from the key policy, or add it to the rule parameter `trustedAccounts` or `trustedOrganizations`.',
    examples: {
      pass: 'the policy lets account 222222222222 in, and `trustedAccounts` holds it',
      fail: 'the policy lets account 333333333333 in, and `trustedAccounts` is `222222222222`',
    },
    sources: ['AWS KMS Developer Guide, Allowing users in other accounts to use a KMS key'],
  },
  whenTrustIsSet((subject) => {
    const asked = askStrangers(subject);
    const admitted = asked.flatMap(({ name, answer }) => (answer.possible === 'yes' ? [{ name, ...answer }] : []));
    if (admitted.length > 0) {
      const statements = names.distinct(admitted.flatMap((stranger) => stranger.statements));
      const message = `statement ${quoted(statements)} allows ${admitted.map(({ name }) => name).join(', ')}, and the rule is not told to trust that`;
      const trust = addTo('it', 'trustedAccounts', 'trustedOrganizations');
      const remedy = [...editPolicy({ edit: 'remove-untrusted', statements }), [trust]];
      return fail(message, remedy, { statements, dependsOn: [] });
    }
    const doubts = asked.flatMap(({ name, answer }) => (answer.possible === 'open' ? [{ name, ...answer }] : []));
    const [doubt] = doubts;
    if (doubt === undefined) {
      const passed = pass('every other account or organization that the policy allows is trusted');
      return untrustedShares(subject) ?? passOfEveryPolicy(subject, passed);
    }
    const { statements, dependsOn } = doubt.decision;
    const message = `whether the policy lets ${doubt.name} in is open: ${doubt.reason}`;
    return undecided(message, editPolicy({ edit: 'name-principals-of-account' }), { statements, dependsOn });
  }),
);

/** Without a word on whom to trust there is nothing to check, whatever the policy says. */
function whenTrustIsSet(decide: (subject: KeyPolicySubject) => CheckResult): DecideTrail {
  const decided = whenPolicyRead(decide);
  return (trail, key, options) => {
    const isSet = options.trustedAccounts.length > 0 || options.trustedOrganizations !== null;
    return isSet
      ? decided(trail, key, options)
      : notApplicable('neither `trustedAccounts` nor `trustedOrganizations` is set');
  };
}

const askStrangers = oncePerKey((subject) => {
  const actions = admittedActions(subject.policy);
  return strangers(subject).map(({ name, callers }) => ({
    name,
    answer: callers === null ? NOBODY_KNOWS : anyMay(subject, callers, actions),
  }));
});

interface Stranger {
  /** "account `...`" or "organization `...`". */
  readonly name: string;
  /** `null` where nobody knows whether they are trusted. */
  readonly callers: readonly CallingPrincipal[] | null;
}

const UNKNOWN_ORGANIZATION = "the organization of the key's account is not known";

const NOBODY_KNOWS: AccessAnswer = {
  possible: 'open',
  reason: UNKNOWN_ORGANIZATION,
  decision: {
    outcome: 'unknown',
    statements: [],
    dependsOn: ['aws:ResourceOrgID'],
    witnesses: null,
    reason: UNKNOWN_ORGANIZATION,
  },
};

/** Accounts and organizations that statements for AWS principals name and nobody trusts. */
function strangers(subject: KeyPolicySubject): readonly Stranger[] {
  const trusted = trustedOrganizations(subject.trail, subject.options);
  const known = insiders(subject);
  const named = names.namedPrincipals(subject.policies);
  const accounts = names.accountsOfPrincipals(subject.policies).filter((account) => !known.includes(account));
  const isTrusted = ({ organization, managementAccount }: Crowd): boolean =>
    managementAccount === null ? trusted.includes(organization ?? '') : known.includes(managementAccount);
  return [
    ...accounts.map((account) => {
      const byName = named.filter((arn) => principalAccount(arn) === account).map((arn) => namedCaller(subject, arn));
      const callers = [anyPrincipalOf(subject, account), ...byName];
      return {
        name: `account \`${account}\``,
        callers: callers.map((caller) => outsideOrganizations(caller, trusted)),
      };
    }),
    ...namedCrowds(subject)
      .filter((crowd) => !isTrusted(crowd))
      .map(({ name, organization, managementAccount, any }) => ({
        name,
        callers: organization === null && managementAccount === null ? null : [any],
      })),
  ];
}
