import type { KeyPolicy } from '../policy/parse.ts';
import { type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { trustedOrganizations } from './trust.ts';

/** Everything that such a question may depend on, beside the policy. */
type Situation = readonly unknown[];

/**
 * Remembers the answer to a question that asks nothing of a trail but its account and partition: many trails share a key.
 * The answer belongs to the parsed policy and goes with it.
 */
export function oncePerKey<T>(ask: (subject: KeyPolicySubject) => T): (subject: KeyPolicySubject) => T {
  const remembered = new WeakMap<KeyPolicy, { readonly situation: Situation; readonly answer: T }>();
  return (subject) => {
    const situation = situationOf(subject);
    const known = remembered.get(subject.policy);
    if (known !== undefined && isSame(known.situation, situation)) return known.answer;
    const answer = ask(newQuestion(subject));
    remembered.set(subject.policy, { situation, answer });
    return answer;
  };
}

const situationOf = ({ trail, key, options, keyArn }: KeyPolicySubject): Situation => [
  key.resourceControlPolicies,
  keyArn,
  trail.accountId,
  trail.partition,
  key.organizationId.read ? key.organizationId.value : undefined,
  options.trustedAccounts.join(),
  trustedOrganizations(trail, options).join(),
];

const isSame = (one: Situation, other: Situation): boolean => one.every((part, index) => part === other[index]);
