import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyFacts } from './facts.ts';

/** What was read of a key's policies, its own, AWS RAM's and resource control policies. */
export type ReadPolicies = Pick<KeyFacts, 'policy' | 'ramPolicy' | 'resourceControlPolicies'>;

/** Those of them that can be evaluated. */
export function parsedPolicies({ policy, ramPolicy, resourceControlPolicies }: ReadPolicies): readonly KeyPolicy[] {
  const parses = [
    ...(policy.read ? [policy.value] : []),
    ...(ramPolicy.read && ramPolicy.value !== null ? [ramPolicy.value] : []),
    ...(resourceControlPolicies.read ? resourceControlPolicies.value : []),
  ];
  return parses.flatMap((parse) => (parse.valid ? [parse.policy] : []));
}
