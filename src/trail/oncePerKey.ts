import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyFacts } from './facts.ts';
import { type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { trustedOrganizations } from './trust.ts';

interface Remembered<T> {
  readonly situation: string;
  readonly resourceControlPolicies: KeyFacts['resourceControlPolicies'];
  readonly answer: T;
}

/**
 * Remembers the answer to a question that asks nothing of a trail but its account and partition: many trails share a key.
 * The answer belongs to the parsed policy and goes with it.
 */
export function oncePerKey<T>(ask: (subject: KeyPolicySubject) => T): (subject: KeyPolicySubject) => T {
  const remembered = new WeakMap<KeyPolicy, Remembered<T>>();
  return (subject) => {
    const situation = situationOf(subject);
    const { resourceControlPolicies } = subject.key;
    const known = remembered.get(subject.policy);
    if (known?.situation === situation && known.resourceControlPolicies === resourceControlPolicies)
      return known.answer;
    const answer = ask(newQuestion(subject));
    remembered.set(subject.policy, { situation, resourceControlPolicies, answer });
    return answer;
  };
}

const situations = new WeakMap<KeyPolicySubject, string>();

function situationOf(subject: KeyPolicySubject): string {
  const situation = situations.get(subject) ?? describeSituation(subject);
  situations.set(subject, situation);
  return situation;
}

/** Everything that such a question may depend on, beside the policies. */
const describeSituation = ({ trail, key, options, keyArn }: KeyPolicySubject): string =>
  JSON.stringify([
    keyArn,
    trail.accountId,
    trail.partition,
    options.trustedAccounts,
    trustedOrganizations(trail, options),
    key.organizationId.read ? [key.organizationId.value] : [],
  ]);
