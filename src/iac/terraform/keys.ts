import { keyIdentity } from '../../trail/arn.ts';
import { awsManagedKey, isAwsManagedAlias } from '../awsManagedKey.ts';
import { whyNoKey } from '../impossibleKey.ts';
import { type Json, textAt } from '../json.ts';
import {
  arnOf,
  type DeclaredKey,
  type DeployedKey,
  type DeploymentPlace,
  defaultPolicy,
  type ElsewhereKey,
  type KeyModel,
  type Settled,
  settled,
  unsettled,
} from '../model.ts';
import { deployedKey } from '../project/deployed.ts';
import { inWords } from '../reference.ts';
import { grantsOf } from './grants.ts';
import { knownKey } from './knownKeys.ts';
import { type Atlas, placeOf } from './place.ts';
import { destroyedBy, type Instance, planned, plannedText } from './plan.ts';
import { policyOfKey, writerOf } from './policies.ts';
import { sharesOf } from './shares.ts';
import { targetsOf } from './targets.ts';
import { settledFlag, settledText } from './values.ts';

const REPLICAS = ['aws_kms_replica_key', 'aws_kms_replica_external_key'];
const EXTERNAL = ['aws_kms_external_key', 'aws_kms_replica_external_key'];
export const KEY_TYPES: readonly string[] = ['aws_kms_key', 'aws_kms_external_key', ...REPLICAS];

/** The key that a trail's `kms_key_id`, or another argument, names; `null` where it names none. */
export function keyModel(atlas: Atlas, trail: Instance, argument = 'kms_key_id'): KeyModel | null {
  const given = planned(trail, argument);
  if (!given.known) return referredKey(atlas, trail, argument);
  if (typeof given.value !== 'string' || given.value === '') return null;
  const reference = given.value;
  const key = keyNamed(atlas, reference);
  if (key !== null) return describe(atlas, key, reference);
  if (isAwsManagedAlias(reference)) return awsManagedKey(reference);
  const destroyed = whyDestroyed(atlas, reference);
  const deployed = destroyed === null ? deployedNamed(atlas, trail, reference, reference) : null;
  if (deployed !== null) return deployed;
  const arn = keyIdentity(reference)?.arn ?? null;
  const impossible = destroyed ?? whyNoKey(reference, atlas.references);
  const why = impossible ?? `the key \`${reference}\` is not in the plan`;
  return { is: 'elsewhere', reference, arn, why, isImpossible: impossible !== null };
}

function whyDestroyed({ plan }: Atlas, reference: string): string | null {
  const key = destroyedBy(plan, [...KEY_TYPES, 'aws_kms_alias']).find(({ before }) =>
    ['arn', 'key_id', 'name'].some((name) => textAt(before, name) === reference),
  );
  return key === undefined ? null : `the plan destroys \`${key.address}\``;
}

/** The key that the configuration refers to, where only applying the plan tells its id. */
function referredKey(atlas: Atlas, trail: Instance, argument: string): KeyModel {
  const { instances, open } = targetsOf(atlas.plan, trail, argument);
  const keys = [...new Set(instances.map((instance) => keyBehind(atlas, instance)))];
  const [only, ...others] = keys;
  const names = [...open, ...instances.map(({ address }) => address)];
  if (only != null && others.length === 0 && open.length === 0) return describe(atlas, only, names[0] ?? only.address);
  const reference = names[0] ?? `${trail.address}.${argument}`;
  const isHelped = atlas.plan.files === null && names.some((name) => name.startsWith('local.'));
  return elsewhere(
    reference,
    names.length === 0 ? [reference] : names,
    isHelped ? ', `--source DIR` reads locals' : '',
  );
}

const elsewhere = (reference: string, names: readonly string[], advice: string): ElsewhereKey => ({
  is: 'elsewhere',
  reference,
  arn: null,
  why: `${inWords(names)} ${names.length === 1 ? 'is' : 'are'} not resolved${advice}`,
  isImpossible: false,
});

/** The key that a resource is or, for an alias or a policy, belongs to. */
function keyBehind(atlas: Atlas, instance: Instance): Instance | null {
  if (isKey(instance)) return instance;
  const argument = POINTERS.get(instance.type);
  if (argument === undefined) return null;
  const target = plannedText(instance, instance.isData ? 'target_key_arn' : argument);
  if (target !== null) return keyNamed(atlas, target);
  const { instances, open } = targetsOf(atlas.plan, instance, argument);
  const [only, ...others] = instances;
  return only !== undefined && others.length === 0 && open.length === 0 && isKey(only) ? only : null;
}

const POINTERS: ReadonlyMap<string, string> = new Map([
  ['aws_kms_alias', 'target_key_id'],
  ['aws_kms_key_policy', 'key_id'],
]);

const isKey = ({ type, isData }: Instance): boolean => (isData ? type === 'aws_kms_key' : KEY_TYPES.includes(type));

/** The key with this id, ARN or alias. A declared one comes before a data source that looks it up. */
function keyNamed(atlas: Atlas, reference: string): Instance | null {
  const { instances } = atlas.plan;
  const keys = instances.filter(isKey).toSorted((a, b) => Number(a.isData) - Number(b.isData));
  const direct = keys.find((key) =>
    [plannedText(key, 'arn'), plannedText(key, 'key_id'), plannedText(key, 'id')].includes(reference),
  );
  if (direct !== undefined) return direct;
  const alias = instances.find(
    (one) => one.type === 'aws_kms_alias' && [plannedText(one, 'name'), plannedText(one, 'arn')].includes(reference),
  );
  return alias === undefined ? null : keyBehind(atlas, alias);
}

function describe(atlas: Atlas, key: Instance, reference: string): KeyModel {
  if (!key.isData) return describeDeclared(atlas, key, reference);
  const known = knownKey(atlas, key, reference);
  const deployed = known.policy.settled ? null : deployedNamed(atlas, key, known.arn ?? reference, reference);
  if (deployed === null || known.grants.length + known.shares.length === 0) return deployed ?? known;
  const { policy } = deployed.facts;
  return policy.read && policy.value.valid
    ? { ...known, policy: settled(policy.value.policy.document as Json) }
    : known;
}

/** A key that is there already, by what an instance calls it. */
function deployedNamed(atlas: Atlas, by: Instance, name: string, reference: string): DeployedKey | null {
  const { deployed } = atlas;
  const found = deployed === null ? null : deployedKey(deployed, name, placeOf(atlas, by, null));
  return found === null ? null : { is: 'deployed', reference, ...found };
}

function describeDeclared(atlas: Atlas, key: Instance, reference: string): DeclaredKey {
  const policy = policyOfKey(atlas, key);
  const place = placeOf(atlas, key, policy.is === 'given' && policy.policy.settled ? policy.policy.value : null);
  return { ...declared(atlas, key, reference, place), policy: policyValue(policy, place) };
}

/** The keys that the plan declares, replicas left out: those of a primary key are told of elsewhere. */
export const declaredKeys = (atlas: Atlas): readonly { readonly instance: Instance; readonly key: DeclaredKey }[] =>
  atlas.plan.instances
    .filter(({ type, isData }) => !isData && KEY_TYPES.includes(type) && !REPLICAS.includes(type))
    .map((instance) => ({ instance, key: describeDeclared(atlas, instance, instance.address) }));

const policyValue = (policy: ReturnType<typeof policyOfKey>, place: DeploymentPlace): Settled<Json> =>
  policy.is === 'default' ? settled(defaultPolicy(place)) : policy.policy;

function declared(atlas: Atlas, key: Instance, reference: string, place: DeploymentPlace): Omit<DeclaredKey, 'policy'> {
  const id =
    plannedText(key, 'key_id') ??
    atlas.references.token({
      id: `key id of ${key.address}`,
      name: key.address,
      kind: 'name',
      choices: null,
      settledBy: 'deployment',
    });
  const isReplica = REPLICAS.includes(key.type);
  const isExternal = EXTERNAL.includes(key.type);
  const validTo = plannedText(key, 'valid_to');
  return {
    is: 'declared',
    id: `${atlas.plan.file} ${key.address}`,
    address: key.address,
    cdkPath: null,
    reference,
    arn: plannedText(key, 'arn') ?? arnOf('kms', place, `key/${id}`),
    enabled: settledFlag(key, key.type === 'aws_kms_key' ? 'is_enabled' : 'enabled', true),
    spec: ofPrimary(isReplica, settledText(key, 'customer_master_key_spec', 'SYMMETRIC_DEFAULT')),
    usage: ofPrimary(isReplica, settledText(key, 'key_usage', 'ENCRYPT_DECRYPT')),
    origin: originOf(key, isExternal),
    validTo: validTo === null || Number.isNaN(Date.parse(validTo)) ? null : new Date(validTo),
    isMultiRegion: isReplica ? settled(true) : settledFlag(key, 'multi_region', false),
    rotation: ofPrimary(isReplica, rotationOf(key)),
    grants: grantsOf(atlas, key),
    shares: sharesOf(atlas, key),
    skipsLockoutCheck: settledFlag(writerOf(atlas, key), 'bypass_policy_lockout_safety_check', false),
  };
}

function originOf(key: Instance, isExternal: boolean): Settled<string> {
  if (isExternal) return settled('EXTERNAL');
  const store = settledText(key, 'custom_key_store_id', '');
  if (!store.settled) return store;
  return settled(store.value === '' ? 'AWS_KMS' : 'AWS_CLOUDHSM');
}

const ofPrimary = <T>(isReplica: boolean, value: Settled<T>): Settled<T> =>
  isReplica ? unsettled('it is that of the primary key') : value;

function rotationOf(key: Instance): DeclaredKey['rotation'] {
  const flag = settledFlag(key, 'enable_key_rotation', false);
  return flag.settled ? settled(flag.value ? 'on' : 'off') : flag;
}
