import type { KeyFacts, TrailDescription } from '../trail/facts.ts';
import { policyNames } from '../trail/policyNames.ts';

/** Condition keys whose value is an organization, in lower case. */
const ORGANIZATION_KEY = /^aws:(principal|source|resource)org(id|paths)$/;

type Policies = Pick<KeyFacts, 'policy' | 'resourceControlPolicies'>;

/**
 * Whether anything in a trail's verdict depends on the organization of its account: the path of an organization trail's
 * files holds the organization's id, and policies may name an organization. Without a policy there is nothing to match.
 */
export function organizationMatters({ isOrganization }: TrailDescription, key: Policies | null): boolean {
  if (key === null || !key.policy.read || !key.policy.value.valid) return false;
  return isOrganization !== false || namesOrganization(key);
}

/** Whether a key's policies name an organization, or a condition key or policy variable that holds one. */
export function namesOrganization({ policy, resourceControlPolicies }: Policies): boolean {
  const parses = [
    ...(policy.read ? [policy.value] : []),
    ...(resourceControlPolicies.read ? resourceControlPolicies.value : []),
  ];
  const policies = parses.flatMap((parse) => (parse.valid ? [parse.policy] : []));
  const { conditionKeys, organizations } = policyNames(policies);
  return organizations.length > 0 || conditionKeys.some((key) => ORGANIZATION_KEY.test(key));
}
