import type { KeyFacts, TrailDescription } from '../trail/facts.ts';
import { type PolicyNames, policyNames } from '../trail/policyNames.ts';

/** Condition keys whose value is an organization, in lower case. */
const ORGANIZATION_KEY = /^aws:(principal|source|resource)org(id|paths)$/;
/** In lower case: the condition key that holds the path of a trail's file. */
const PATH_KEY = 'kms:encryptioncontext:aws:s3:arn';

type Policies = Pick<KeyFacts, 'policy' | 'resourceControlPolicies'>;

/**
 * Whether anything in a trail's verdict depends on the organization of its account: the path of an organization trail's
 * files holds the organization's id, where policies look at the path, and policies may name an organization. Without a
 * policy there is nothing to match.
 */
export function organizationMatters({ isOrganization }: TrailDescription, key: Policies | null): boolean {
  if (key === null || !key.policy.read || !key.policy.value.valid) return false;
  return (isOrganization !== false && looksAtPath(key)) || namesOrganization(key);
}

/** Whether a key's policies name an organization, or a condition key or policy variable that holds one. */
export function namesOrganization(key: Policies): boolean {
  const { conditionKeys, organizations } = names(key);
  return organizations.length > 0 || conditionKeys.some((name) => ORGANIZATION_KEY.test(name));
}

const looksAtPath = (key: Policies): boolean => names(key).conditionKeys.includes(PATH_KEY);

function names({ policy, resourceControlPolicies }: Policies): PolicyNames {
  const parses = [
    ...(policy.read ? [policy.value] : []),
    ...(resourceControlPolicies.read ? resourceControlPolicies.value : []),
  ];
  return policyNames(parses.flatMap((parse) => (parse.valid ? [parse.policy] : [])));
}
