import type { KeyPolicy, KeyPolicyParse } from '../policy/parse.ts';
import type { KeyFacts } from './facts.ts';

/** What was read of a key's policies, its own, AWS RAM's and resource control policies. */
export type ReadPolicies = Pick<KeyFacts, 'policy' | 'ramPolicy' | 'resourceControlPolicies'>;

/** Those of them that can be evaluated. */
export function parsedPolicies({ policy, ramPolicy, resourceControlPolicies }: ReadPolicies): readonly KeyPolicy[] {
  const parses: (KeyPolicyParse | null)[] = [];
  if (policy.read) parses.push(policy.value);
  if (ramPolicy.read) parses.push(ramPolicy.value);
  if (resourceControlPolicies.read) parses.push(...resourceControlPolicies.value);
  return parses.flatMap((parse) => (parse?.valid ? [parse.policy] : []));
}
