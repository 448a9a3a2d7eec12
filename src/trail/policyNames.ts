import type { KeyPolicy } from '../policy/parse.ts';
import type { Statement } from '../policy/statement.ts';
import { principalAccount } from './arn.ts';

/** Condition keys whose values name the account of an AWS principal. */
const ACCOUNT_KEYS = new Set([
  'kms:calleraccount',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:vpceaccount',
  'aws:sourcevpcarn',
]);

const ACCOUNT_ID = /(?<!\d)\d{12}(?!\d)/g;
const ORGANIZATION_ID = /(?<![a-z0-9-])o-[a-z0-9]+/g;
const ORGANIZATION = /(?<![a-z0-9-])o-[a-z0-9]+|\$\{aws:ResourceOrgID\}/gi;
const VARIABLE = /\$\{\s*([^,}\s]+)/g;

/** What policies name: the adversaries must be none of these, and named outsiders must be trusted. */
export interface PolicyNames {
  /** Condition keys in lower case, those of policy variables included. */
  readonly conditionKeys: readonly string[];
  /** Every account id that stands anywhere in a principal, a condition or a resource. */
  readonly accounts: readonly string[];
  /** Every organization id that stands in a condition. */
  readonly organizations: readonly string[];
  /** Literal values of aws:SourceVpc and aws:SourceVpce. */
  readonly networks: readonly string[];
  /** Everything a principal is compared with: principal elements and condition values. */
  readonly texts: readonly string[];
}

/** Names by policy: trails that share a key ask again and again. */
const collected = new WeakMap<KeyPolicy, PolicyNames>();

/** Collects the names in a key policy and its resource control policies. */
export function policyNames(policies: readonly KeyPolicy[]): PolicyNames {
  const each = policies.map(namesIn);
  const [only] = each;
  if (only !== undefined && each.length === 1) return only;
  return {
    conditionKeys: distinct(each.flatMap((names) => names.conditionKeys)),
    accounts: distinct(each.flatMap((names) => names.accounts)),
    organizations: distinct(each.flatMap((names) => names.organizations)),
    networks: distinct(each.flatMap((names) => names.networks)),
    texts: distinct(each.flatMap((names) => names.texts)),
  };
}

function namesIn(policy: KeyPolicy): PolicyNames {
  const known = collected.get(policy);
  if (known !== undefined) return known;
  const names = collectNames(policy);
  collected.set(policy, names);
  return names;
}

function collectNames({ statements }: KeyPolicy): PolicyNames {
  const conditions = statements.flatMap((statement) => statement.conditions);
  const values = conditions.flatMap((condition) => condition.values);
  const texts = [...statements.flatMap((statement) => statement.principal.aws), ...values];
  const resources = statements.flatMap((statement) => statement.resource?.patterns ?? []);
  return {
    conditionKeys: distinct([
      ...conditions.map((condition) => condition.key.toLowerCase()),
      ...[...values, ...resources].flatMap((text) =>
        [...text.matchAll(VARIABLE)].map((match) => String(match[1]).toLowerCase()),
      ),
    ]),
    accounts: distinct([...texts, ...resources].flatMap((text) => text.match(ACCOUNT_ID) ?? [])),
    organizations: distinct(values.flatMap((value) => value.toLowerCase().match(ORGANIZATION_ID) ?? [])),
    networks: distinct(
      conditions.filter(({ key }) => /^aws:sourcevpce?$/i.test(key)).flatMap((condition) => condition.values),
    ),
    texts: distinct(texts),
  };
}

/** Accounts that statements for AWS principals name, in the principal or in a condition on the caller's account. */
export function accountsOfPrincipals(policies: readonly KeyPolicy[]): readonly string[] {
  const statements = policies.flatMap((policy) => policy.statements).filter(isForAwsPrincipals);
  const inPrincipals = statements.flatMap((statement) => statement.principal.aws.map(principalAccount));
  const inConditions = statements
    .flatMap((statement) => statement.conditions)
    .filter((condition) => ACCOUNT_KEYS.has(condition.key.toLowerCase()))
    .flatMap((condition) => condition.values.map(principalAccount));
  return distinct([...inPrincipals, ...inConditions].filter((account) => account !== null));
}

/** A crowd of principals that statements for AWS principals name by a condition. */
export type NamedCrowd =
  /** An id, or the policy variable that stands for the key's own. */
  | { readonly by: 'member' | 'endpoint'; readonly organization: string }
  | { readonly by: 'management'; readonly account: string };

/**
 * Organizations that statements for AWS principals name in a condition on the caller's organization, on that of the VPC
 * endpoint that it comes through, or on the organization's management account.
 */
export function crowdsOfPrincipals(policies: readonly KeyPolicy[]): readonly NamedCrowd[] {
  const statements = policies.flatMap((policy) => policy.statements).filter(isForAwsPrincipals);
  const organizations = (key: RegExp): readonly string[] =>
    distinct(conditionsOn(statements, key).flatMap((value) => value.match(ORGANIZATION) ?? []));
  const managers = conditionsOn(statements, /^aws:principalorgmasteraccountid$/i);
  return [
    ...organizations(/^aws:principalorg(id|paths)$/i).map((organization) => ({ by: 'member', organization }) as const),
    ...organizations(/^aws:vpceorg(id|paths)$/i).map((organization) => ({ by: 'endpoint', organization }) as const),
    ...distinct(managers.flatMap((value) => value.match(ACCOUNT_ID) ?? [])).map(
      (account) => ({ by: 'management', account }) as const,
    ),
  ];
}

/** ARNs of roots, users, roles and sessions that statements name, by Principal, NotPrincipal or aws:PrincipalArn. */
export function namedPrincipals(policies: readonly KeyPolicy[]): readonly string[] {
  const statements = policies.flatMap((policy) => policy.statements);
  const inConditions = conditionsOn(statements, /^aws:principalarn$/i).filter((value) => !/[*?$]/.test(value));
  return distinct([...statements.flatMap(({ principal }) => principal.aws), ...inConditions]).filter(
    (principal) => principal.startsWith('arn:') && principalAccount(principal) !== null,
  );
}

const conditionsOn = (statements: readonly Statement[], key: RegExp): readonly string[] =>
  statements.flatMap(({ conditions }) =>
    conditions.filter((condition) => key.test(condition.key)).flatMap(({ values }) => values),
  );

/** Whether a statement's principal element can match an AWS principal. */
export function isForAwsPrincipals(statement: Statement): boolean {
  const { principal } = statement;
  return principal.everyone || principal.negated || principal.aws.length > 0;
}

export const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** The first few of a list, and how many more there are. */
export function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, 4);
  const more = texts.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}
