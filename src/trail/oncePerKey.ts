import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyFacts } from './facts.ts';
import { type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { policyNames } from './policyNames.ts';
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

/** The latest one: one question about a trail follows the other. */
let latest: { readonly subject: SituationSubject; readonly situation: Situation } | null = null;

type SituationSubject = Pick<KeyPolicySubject, 'trail' | 'key' | 'options' | 'keyArn' | 'policies'>;

function situationOf({ trail, key, options, keyArn, policies }: KeyPolicySubject): Situation {
  const known = latest?.subject;
  if (
    latest === null ||
    known?.trail !== trail ||
    known.key !== key ||
    known.options !== options ||
    known.keyArn !== keyArn ||
    known.policies !== policies
  ) {
    const subject = { trail, key, options, keyArn, policies };
    latest = { subject, situation: situationIn(subject) };
  }
  return latest.situation;
}

const situationIn = ({ trail, key, options, keyArn, policies }: SituationSubject): Situation => [
  key.resourceControlPolicies,
  keyArn,
  trail.accountId,
  trail.partition,
  key.organizationId.read ? key.organizationId.value : undefined,
  trail.organizationId.read ? trail.organizationId.value : undefined,
  options.trustedAccounts.join(),
  trustedOrganizations(trail, options).join(),
  looksAtTime(policies) ? trail.asOf.getTime() : undefined,
  ...attributesOf(key),
];

const isSame = (one: Situation, other: Situation): boolean => one.every((part, index) => part === other[index]);

const TIME_KEYS = ['aws:currenttime', 'aws:epochtime'];

const looksAtTime = (policies: readonly KeyPolicy[]): boolean =>
  policyNames(policies).conditionKeys.some((key) => TIME_KEYS.includes(key));

/** What condition keys tell of the key itself. */
function attributesOf({ metadata, aliases }: KeyFacts): Situation {
  const { spec, usage, origin, isMultiRegion, multiRegionKeyType, manager } = metadata.read ? metadata.value : UNREAD;
  return [spec, usage, origin, isMultiRegion, multiRegionKeyType, manager, aliases.read ? aliases.value.join() : null];
}

const UNREAD = { spec: null, usage: null, origin: null, isMultiRegion: null, multiRegionKeyType: null, manager: null };
