import type { TrailDescription } from '../../trail/facts.ts';
import { parsedPolicies, type ReadPolicies } from '../../trail/parsedPolicies.ts';
import { policyNames } from '../../trail/policyNames.ts';

/** In lower case: condition keys whose value is an organization or begins with one, alone or as a policy variable. */
const ORGANIZATION_KEYS: ReadonlySet<string> = new Set(
  ['principal', 'source', 'resource', 'vpce'].flatMap((whose) => [`aws:${whose}orgid`, `aws:${whose}orgpaths`]),
);
/** The condition key that holds the path of a trail's file. */
const PATH_KEY = 'kms:encryptioncontext:aws:s3:arn';

/**
 * Whether anything in a trail's verdict depends on the organization of its account: policies may look at organizations,
 * and the path of an organization trail's files holds the organization's id, where they look at the path. Without a
 * policy there is nothing to match.
 */
export function organizationMatters({ isOrganization }: TrailDescription, key: ReadPolicies | null): boolean {
  if (key === null || !key.policy.read || !key.policy.value.valid) return false;
  return looksAtOrganizations(key) || (isOrganization !== false && conditionKeys(key).includes(PATH_KEY));
}

/** Whether a key's policies look at an organization: a principal, a trail or an endpoint is in it, or the key itself. */
export const looksAtOrganizations = (key: ReadPolicies): boolean =>
  conditionKeys(key).some((name) => ORGANIZATION_KEYS.has(name));

const conditionKeys = (key: ReadPolicies): readonly string[] => policyNames(parsedPolicies(key)).conditionKeys;
