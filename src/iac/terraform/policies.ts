import { type Json, member, textAt } from '../json.ts';
import { type Settled, settled, unsettled } from '../model.ts';
import { inWords } from '../reference.ts';
import type { Atlas } from './place.ts';
import { destroyedBy, type Instance, planned, plannedText } from './plan.ts';
import { policyDocument } from './policyDocument.ts';
import { targetsOf } from './targets.ts';
import { isConfigured, openArgument } from './values.ts';

/** The policy of a key that a plan declares; `default`: KMS's own, because the configuration gives none. */
type PolicyOfKey = { readonly is: 'default' } | { readonly is: 'given'; readonly policy: Settled<Json> };

/** The resource that writes a key's policy: the key, or what is attached to it. */
export const writerOf = (atlas: Atlas, key: Instance): Instance =>
  attachedPolicies(atlas).find((one) => isFor(atlas, one, key) === true) ?? key;

const attachedPolicies = ({ plan }: Atlas): readonly Instance[] =>
  plan.instances.filter((one) => !one.isData && one.type === 'aws_kms_key_policy');

/** The policy that a key has once the plan is applied: that of an `aws_kms_key_policy` replaces the key's own. */
export function policyOfKey(atlas: Atlas, key: Instance): PolicyOfKey {
  const attached = attachedPolicies(atlas);
  const [own, ...others] = attached.filter((one) => isFor(atlas, one, key) === true);
  const writer = own ?? (isConfigured(key, 'policy') ? key : null);
  const destroyed = destroyedPolicies(atlas, key);
  const rivals = [...others.map(({ address }) => address), ...destroyed];
  if (writer !== null && rivals.length > 0) {
    const names = inWords([writer.address, ...rivals]);
    return { is: 'given', policy: unsettled(`nothing says which of ${names} writes it last`) };
  }
  if (own !== undefined) return policyArgument(atlas, own);
  const doubtful = attached.find((one) => isFor(atlas, one, key) === null);
  if (doubtful === undefined) return destroyed.length > 0 ? { is: 'default' } : policyArgument(atlas, key);
  return {
    is: 'given',
    policy: unsettled(`whether \`${doubtful.address}\` is for this key: ${openArgument(doubtful, 'key_id')}`),
  };
}

/**
 * Policies of a key that applying the plan destroys: the provider then gives the key KMS's default policy, unless the lockout check is
 * bypassed (its `aws_kms_key_policy`).
 */
function destroyedPolicies({ plan }: Atlas, key: Instance): readonly string[] {
  const ids = idsOf(key);
  const made = new Set(plan.instances.map(({ address }) => address));
  return destroyedBy(plan, ['aws_kms_key_policy'])
    .filter(({ address }) => !made.has(address))
    .filter(({ before }) => ids.includes(textAt(before, 'key_id') ?? ''))
    .filter(({ before }) => member(before, 'bypass_policy_lockout_safety_check') !== true)
    .map(({ address }) => address);
}

const idsOf = (key: Instance): readonly (string | null)[] => [
  plannedText(key, 'key_id'),
  plannedText(key, 'arn'),
  plannedText(key, 'id'),
];

/** Whether what is attached to a key by an argument is for this one; `null`: not known. */
export function isFor(atlas: Atlas, attached: Instance, key: Instance, argument = 'key_id'): boolean | null {
  const id = plannedText(attached, argument);
  if (id !== null) return idsOf(key).includes(id);
  const { instances, open } = targetsOf(atlas.plan, attached, argument);
  if (instances.length === 1 && open.length === 0) return instances[0] === key;
  return instances.includes(key) || open.length > 0 || instances.length === 0 ? null : false;
}

function policyArgument(atlas: Atlas, instance: Instance): PolicyOfKey {
  const value = planned(instance, 'policy');
  if (value.known && typeof value.value === 'string' && value.value !== '') {
    return { is: 'given', policy: settled(value.value) };
  }
  // The provider reads the policy back, so one that nobody set is open as well.
  if (value.known || !isConfigured(instance, 'policy')) return { is: 'default' };
  return { is: 'given', policy: openPolicy(atlas, instance) };
}

function openPolicy(atlas: Atlas, instance: Instance): Settled<Json> {
  const { instances, open } = targetsOf(atlas.plan, instance, 'policy');
  const [only, ...others] = instances;
  if (only?.type !== 'aws_iam_policy_document' || others.length > 0 || open.length > 0) {
    return unsettled(openArgument(instance, 'policy'));
  }
  const json = plannedText(only, 'json');
  return json === null ? policyDocument(only, atlas.references) : settled(json);
}
