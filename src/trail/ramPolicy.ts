import type { KeyPolicy } from '../policy/parse.ts';
import { relabelled, together } from '../policy/together.ts';
import { type CheckResult, undecided } from './checkResult.ts';
import { type KeyFacts, type Reading, read, unread } from './facts.ts';
import { readIt } from './remedies.ts';
import { ramLabel } from './remedy/ramLabel.ts';

/** What was last put together with a policy: trails that share a key share its policies. */
const combined = new WeakMap<KeyPolicy, { readonly ramPolicy: KeyPolicy; readonly policy: KeyPolicy }>();

/** The policy of the key's owner, and AWS RAM's with it where there is one: its statements go by `AWS_RAM SID`. */
export function withRamPolicy(policy: KeyPolicy, { ramPolicy }: KeyFacts): Reading<KeyPolicy> {
  if (!ramPolicy.read || ramPolicy.value === null) return read(policy);
  if (!ramPolicy.value.valid)
    return unread('invalid', `the key policy that AWS RAM manages is not valid: ${ramPolicy.value.error}`);
  const known = combined.get(policy);
  if (known?.ramPolicy === ramPolicy.value.policy) return read(known.policy);
  const both = together(policy, [relabelled(ramPolicy.value.policy, ramLabel)]);
  combined.set(policy, { ramPolicy: ramPolicy.value.policy, policy: both });
  return read(both);
}

interface OfKey {
  readonly key: KeyFacts;
}

/** A pass that holds of the policies that were read: open where AWS RAM may have written another one. */
export function passOfEveryPolicy({ key: { ramPolicy } }: OfKey, passed: CheckResult): CheckResult {
  if (ramPolicy.read) return passed;
  const message = `by the policy that its owner writes ${passed.message}, but ${notKnown(ramPolicy.reason)}`;
  return undecided(message, readIt(ramPolicy), passed.evidence);
}

/** What a pass leaves out where AWS RAM's policy was not read. */
export function ramNote({ key: { ramPolicy } }: OfKey): string {
  if (ramPolicy.read) return '';
  return `; ${notKnown(ramPolicy.code === 'not-told' ? null : ramPolicy.reason)}`;
}

const notKnown = (why: string | null): string =>
  `whether AWS RAM shares the key is not known${why === null ? '' : `: ${why}`}`;
