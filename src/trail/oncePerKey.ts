import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyFacts } from './facts.ts';
import { type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { policyNames } from './policyNames.ts';
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
const describeSituation = ({ trail, key, options, keyArn, policies }: KeyPolicySubject): string =>
  JSON.stringify([
    looksAtTime(policies) ? trail.asOf : null,
    attributesOf(key),
    keyArn,
    trail.accountId,
    trail.partition,
    options.trustedAccounts,
    trustedOrganizations(trail, options),
    key.organizationId.read ? [key.organizationId.value] : [],
  ]);

const TIME_KEYS = ['aws:currenttime', 'aws:epochtime'];

const looksAtTime = (policies: readonly KeyPolicy[]): boolean =>
  policyNames(policies).conditionKeys.some((key) => TIME_KEYS.includes(key));

/** What condition keys tell of the key itself. */
function attributesOf({ metadata, aliases }: KeyFacts): readonly unknown[] {
  const { spec, usage, origin, isMultiRegion, manager } = metadata.read ? metadata.value : UNREAD;
  return [spec, usage, origin, isMultiRegion, manager, aliases.read ? aliases.value : null];
}

const UNREAD = { spec: null, usage: null, origin: null, isMultiRegion: null, manager: null };
