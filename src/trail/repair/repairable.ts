import { keyIdentity } from '../arn.ts';
import { checkOf } from '../checks/index.ts';
import type { Finding } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import { readIt } from '../remedies.ts';
import { byHand } from '../remedy/remedy.ts';
import type { PolicyDocument } from '../statements.ts';
import type { KeyCase, KeyUser } from './keyCase.ts';
import type { KeyUnderRepair } from './policyDraft.ts';

/** The names that CloudTrail takes; others would not be safe in a policy value. */
const TRAIL_ARN = /^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+$/;

/** The key and its policy as they are to be repaired, or why nothing can be offered for the key at all, as one sentence part. */
export function keyUnderRepairOf(
  { key, keyArn, users, options }: KeyCase,
  open: readonly Finding[],
): KeyUnderRepair | string {
  const strange = users.find(({ trail }) => !TRAIL_ARN.test(trail.arn));
  if (strange !== undefined) return `\`${strange.trail.arn}\` is no ARN that CloudTrail gives a trail`;
  const needChosenKey = open.filter(
    ({ check, status }) => status === 'fail' && checkOf(check).repairedBy === 'chosen-key',
  );
  const needsAnother = needChosenKey.find(({ check }) => check !== 'key-in-bucket-region');
  if (needsAnother !== undefined) return anotherKey(needsAnother, users);
  const misplaced = needChosenKey.filter(({ check }) => check === 'key-in-bucket-region');
  if (misplaced.length === users.length && misplaced[0] !== undefined) return anotherKey(misplaced[0], users);
  const identity = keyArn === null ? null : keyIdentity(keyArn);
  if (keyArn === null || identity === null) return `the ARN of key \`${key.reference}\` is not known`;
  if (!key.policy.read && key.policy.deniedBy !== undefined)
    return `the key policy could not be read: ${key.policy.reason}. ${byHand({ remedy: readIt(key.policy) })}`;
  if (!key.policy.read)
    return `the key policy could not be read: ${key.policy.reason}; read it as a principal of account \`${identity.accountId}\`, since KMS shows a key policy to no other account, then plan again`;
  if (!key.policy.value.valid) return `the key policy is not valid: ${key.policy.value.error}`;
  const lockedOut = open.find(({ check, status }) => check === 'key-administrable' && status === 'fail');
  if (lockedOut?.remedy.flat().some((step) => step.do === 'ask-support'))
    return `${lockedOut.message}: only AWS Support can give access to the key back`;
  if (lockedOut !== undefined) return `${lockedOut.message}. ${byHand(lockedOut)}`;
  const { policy } = key.policy.value;
  return {
    key,
    keyArn,
    keyAccount: identity.accountId,
    policy,
    // INVARIANT: a valid policy is a JSON object.
    document: policy.document as PolicyDocument,
    trails: users.map(({ trail }) => trail),
    options: options.checks,
    lastResorts: false,
  };
}

function anotherKey({ message }: Finding, users: readonly KeyUser[]): string {
  const isOurs = users.every(({ trail, key }) => ownerOf(trail, key) === null);
  const choice = `${message}; which other key the trail gets is for a person to choose`;
  return isOurs ? `${choice}, and \`--trail TRAIL_ARN --key KEY_ARN\` then plans the rest` : choice;
}
