import type { KeyPolicy } from '../../policy/parse.ts';
import { type AccessRequest, absent, type KeyState, matching, present } from '../../policy/request.ts';
import { accountPatternsIn, accountsMatching, accountsOutside } from '../accountPatterns.ts';
import { principalAccount } from '../arn.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { distinct, namedPrincipals, policyNames } from '../policyNames.ts';

/** Somebody who may ask for something: who it is, and what is known of keys that say who asks. */
type Asker = Pick<AccessRequest, 'principal' | 'context' | 'ties'>;

const UNNAMED_SERVICE = 'unnamed.amazonaws.com';
const UNNAMED = 'unnamed';

/**
 * Askers that stand for everybody whom two policies could tell apart: each principal and service that one of them names,
 * the root and somebody unnamed of each account, somebody of an account that nobody names, and an unnamed service.
 */
export function askersOf(policies: readonly KeyPolicy[], keyArn: string): readonly Asker[] {
  const [, partition = 'aws', , , keyAccount = ''] = keyArn.split(':');
  const named = namedPrincipals(policies);
  const roots = accountsOf(policies, keyAccount).map((account) => `arn:${partition}:iam::${account}:root`);
  const all = distinct([...named, ...roots]);
  return [
    ...all.map(namedAsker),
    ...sessionsOf(policies, named).map(namedAsker),
    ...roots.map((root) => unnamedAsker(partition, principalAccount(root) ?? '', all)),
    ...servicesOf(policies).map((service) => serviceAsker(service, all)),
  ];
}

/**
 * Everybody of every account that no policy names, at once: more than there are, since the account of the ARN and the
 * account's id need not be the same. What nobody of them gets nobody gets.
 */
export function anybodyUnnamed(policies: readonly KeyPolicy[], keyArn: string): Asker {
  const [, partition = 'aws', , , keyAccount = ''] = keyArn.split(':');
  const { accounts } = policyNames(policies);
  const id: KeyState = {
    is: 'constrained',
    matching: [ANY_ACCOUNT],
    outside: distinct([keyAccount, ...accounts]),
    orAbsent: false,
  };
  const { principal, context } = unnamedAsker(partition, ANY_ACCOUNT, []);
  const arns = ['root', 'user/?**', 'role/?**'].map((name) => `arn:${partition}:iam::${ANY_ACCOUNT}:${name}`);
  return {
    principal,
    context: { ...context, 'kms:CallerAccount': id, 'aws:PrincipalAccount': id, 'aws:PrincipalArn': matching(...arns) },
    ties: [['kms:CallerAccount', 'aws:PrincipalAccount']],
  };
}

/** `#` is a digit, and no policy names such a principal. */
const ANY_ACCOUNT = '#'.repeat(12);

/** The root and somebody unnamed of one account. */
export function askersOfAccount(policies: readonly KeyPolicy[], keyArn: string, account: string): readonly Asker[] {
  const [, partition = 'aws'] = keyArn.split(':');
  const root = `arn:${partition}:iam::${account}:root`;
  return [namedAsker(root), unnamedAsker(partition, account, [...namedPrincipals(policies), root])];
}

/** The key's account, those that are named, one for each pattern of account ids, and one that nothing names. */
function accountsOf(policies: readonly KeyPolicy[], keyAccount: string): readonly string[] {
  const { accounts } = policyNames(policies);
  const patterns = callerAccountPatterns(policies);
  const unnamed = accountsOutside(patterns).filter((id) => ![keyAccount, ...accounts].includes(id));
  const matched = patterns.flatMap((pattern) => accountsMatching(pattern).slice(0, 1));
  return distinct([keyAccount, ...accounts, ...matched, ...unnamed.slice(0, 1)]);
}

const OF_CALLER = /^(kms:calleraccount|aws:principalaccount|aws:principalarn)$/i;

/** Patterns of the caller's account id: several may overlap, so that one account for each does not stand for all. */
export const callerAccountPatterns = (policies: readonly KeyPolicy[]): readonly string[] =>
  distinct(
    policies.flatMap(({ statements }) =>
      statements.flatMap(({ conditions }) =>
        conditions.filter(({ key }) => OF_CALLER.test(key)).flatMap(({ values }) => values.flatMap(accountPatternsIn)),
      ),
    ),
  );

/** Sessions of the named roles, where a NotPrincipal may tell them from their roles. */
function sessionsOf(policies: readonly KeyPolicy[], named: readonly string[]): readonly string[] {
  const tellsApart = policies.some(({ statements }) =>
    statements.some(({ principal }) => principal.negated || principal.aws.some((name) => name.includes(':sts:'))),
  );
  if (!tellsApart) return [];
  return named.flatMap((arn) => {
    const [, partition, account, name] = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    return name === undefined ? [] : [`arn:${partition}:sts::${account}:assumed-role/${name}/${UNNAMED}`];
  });
}

function servicesOf(policies: readonly KeyPolicy[]): readonly string[] {
  const statements = policies.flatMap((policy) => policy.statements);
  const inConditions = statements
    .flatMap(({ conditions }) => conditions.filter(({ key }) => /^aws:principalservicename/i.test(key)))
    .flatMap(({ values }) => values.filter((value) => !/[*?$]/.test(value)));
  const named = statements.flatMap(({ principal }) => principal.service);
  return distinct([CLOUDTRAIL, ...named, ...inConditions, UNNAMED_SERVICE]);
}

/** Which ARN a service shows is not documented, but never that of somebody else. */
const serviceAsker = (service: string, named: readonly string[]): Asker => ({
  principal: { service },
  context: {
    'aws:PrincipalIsAWSService': present('true'),
    'aws:PrincipalServiceName': present(service),
    'aws:PrincipalArn': { is: 'constrained', matching: [], outside: named, orAbsent: true },
    'aws:PrincipalOrgID': absent,
    'aws:PrincipalOrgPaths': absent,
  },
});

function namedAsker(arn: string): Asker {
  const account = principalAccount(arn) ?? '';
  const [, , name] = arn.includes(':assumed-role/') ? arn.split('/') : [];
  const [, partition = 'aws'] = arn.split(':');
  const role = arn.split('/')[1] ?? '';
  // The ARN of a session leaves out its role's path.
  const principalArn =
    name === undefined
      ? present(arn)
      : matching(`arn:${partition}:iam::${account}:role/${role}`, `arn:${partition}:iam::${account}:role/**/${role}`);
  return { principal: { aws: arn }, context: { ...ofAccount(account), 'aws:PrincipalArn': principalArn } };
}

function unnamedAsker(partition: string, account: string, named: readonly string[]): Asker {
  const anyOther: KeyState = {
    is: 'constrained',
    matching: ['user/?**', 'role/?**'].map((name) => `arn:${partition}:iam::${account}:${name}`),
    outside: named,
    orAbsent: false,
  };
  return {
    principal: { aws: `arn:${partition}:iam::${account}:role/${UNNAMED}` },
    context: { ...ofAccount(account), 'aws:PrincipalArn': anyOther },
  };
}

const ofAccount = (account: string): Asker['context'] => ({
  'kms:CallerAccount': present(account),
  'aws:PrincipalAccount': present(account),
  'aws:PrincipalIsAWSService': present('false'),
  'aws:PrincipalServiceName': absent,
});
