import type { KeyPolicy } from '../../policy/parse.ts';
import type { Condition } from '../../policy/statement.ts';
import type { KeyFacts, TrailDescription } from '../../trail/facts.ts';
import { type PolicyNames, policyNames } from '../../trail/policyNames.ts';
import type { RuleParameters } from '../parameters.ts';

/** Condition keys whose value is an organization or begins with one. */
const ORGANIZATION_KEY = /^aws:(principal|source|resource)org(id|paths)$/i;
const ORGANIZATION_VARIABLE = /\$\{\s*aws:(principal|source|resource)org(id|paths)\b/i;
/** The key's own. */
const OWN_KEY = /^aws:resourceorg(id|paths)$/i;
/** In lower case: the condition key that holds the path of a trail's file. */
const PATH_KEY = 'kms:encryptioncontext:aws:s3:arn';

/** A value that one organization meets, or no one: its id, or its id and a path below it. */
const ONE_ORGANIZATION = { id: /^o-[a-z0-9]{10,32}$/, paths: /^o-[a-z0-9]{10,32}\/[^$]*$/ } as const;
/** Operators that compare with such values or ask whether there is one. */
const PLAIN_OPERATOR = /^(for(anyvalue|allvalues):)?(string(not)?(equals|like)(ifexists)?|null)$/i;

type Policies = Pick<KeyFacts, 'policy' | 'ramPolicy' | 'resourceControlPolicies'>;
type Trust = Pick<RuleParameters, 'trustedAccounts' | 'trustedOrganizations'>;

/**
 * Whether anything in a trail's verdict depends on the organization of its account: the path of an organization trail's
 * files holds the organization's id, where policies look at the path; policies may compare with more than the ids that
 * they name; and where `trustedAccounts` says that outsiders are looked for, it is trusted unless others are. Without a
 * policy there is nothing to match.
 */
export function organizationMatters(
  { isOrganization }: TrailDescription,
  key: Policies | null,
  { trustedAccounts, trustedOrganizations }: Trust,
): boolean {
  if (key === null || !key.policy.read || !key.policy.value.valid) return false;
  if (isOrganization !== false && looksAtPath(key)) return true;
  if (comparesOrganizations(key)) return true;
  return trustedAccounts.length > 0 && trustedOrganizations === null && namesOrganization(key);
}

/**
 * Whether a key's policies compare an organization with more than ids: with a wildcard, with a policy variable, with the
 * key's own. Where they name ids alone, it changes nothing whose organization is whose: an outsider is in none of those
 * that are named, and a world in which a principal is in a named one is looked at anyway.
 */
export function comparesOrganizations(key: Policies): boolean {
  const statements = parsed(key).flatMap((policy) => policy.statements);
  const conditions = statements.flatMap((statement) => statement.conditions);
  const patterns = statements.flatMap(({ resource }) => resource?.patterns ?? []);
  return (
    conditions.some((condition) => ORGANIZATION_KEY.test(condition.key) && !isPlain(condition)) ||
    [...patterns, ...conditions.flatMap(({ values }) => values)].some((text) => ORGANIZATION_VARIABLE.test(text))
  );
}

function isPlain({ key, operator, values }: Condition): boolean {
  if (OWN_KEY.test(key) || !PLAIN_OPERATOR.test(operator)) return false;
  if (/null$/i.test(operator)) return true;
  const accepted = /paths$/i.test(key) ? ONE_ORGANIZATION.paths : ONE_ORGANIZATION.id;
  return values.every((value) => accepted.test(value));
}

/** Whether a key's policies name an organization, or a condition key or policy variable that holds one. */
function namesOrganization(key: Policies): boolean {
  const { conditionKeys, organizations } = names(key);
  return organizations.length > 0 || conditionKeys.some((name) => ORGANIZATION_KEY.test(name));
}

const looksAtPath = (key: Policies): boolean => names(key).conditionKeys.includes(PATH_KEY);

const names = (key: Policies): PolicyNames => policyNames(parsed(key));

function parsed({ policy, ramPolicy, resourceControlPolicies }: Policies): readonly KeyPolicy[] {
  const parses = [
    ...(policy.read ? [policy.value] : []),
    ...(ramPolicy.read && ramPolicy.value !== null ? [ramPolicy.value] : []),
    ...(resourceControlPolicies.read ? resourceControlPolicies.value : []),
  ];
  return parses.flatMap((parse) => (parse.valid ? [parse.policy] : []));
}
