import { keyIdentity } from '../../trail/arn.ts';
import { awsManagedKey, isAwsManagedAlias } from '../awsManagedKey.ts';
import { type DeclaredKey, defaultPolicy, type KeyModel, type Settled, settled, unsettled } from '../model.ts';
import { readPolicy } from '../policyText.ts';
import { hasToken } from '../reference.ts';
import { arnOfResource, KEY_TYPES, keyId, nameOf, placeOf } from './attributes.ts';
import { holds } from './conditions.ts';
import { findDeclared } from './elsewhere.ts';
import { optionalProperty, property, type Scope } from './scope.ts';
import { sharesOf } from './shares.ts';
import type { Resource } from './template.ts';
import { notResolved, settledFlag, settledText } from './values.ts';

const ALIAS = 'AWS::KMS::Alias';

/** The key that a trail's `KMSKeyId` names. */
export function keyModel(scope: Scope, reference: string): KeyModel {
  const declared = findDeclared(scope, reference, ALIAS, (at) => declaredKey(at, reference));
  if (declared !== null) return describe(declared.scope, declared.resource, reference);
  if (isAwsManagedAlias(reference)) return awsManagedKey(reference);
  const deployed = scope.links.deployedKey(reference, placeOf(scope));
  if (deployed !== null) return { is: 'deployed', reference, ...deployed };
  const arn = hasToken(reference) ? null : (keyIdentity(reference)?.arn ?? null);
  const why = hasToken(reference) ? notResolved(scope, reference) : `the key \`${reference}\` is not in the template`;
  return { is: 'elsewhere', reference, arn, why };
}

/** A key of the template by its id, its ARN, or an alias of the template. */
function declaredKey(scope: Scope, reference: string): Resource | undefined {
  // Whoever refers to a key needs it to be created, whatever its condition.
  const keys = [...scope.template.resources.values()].filter(({ type }) => KEY_TYPES.includes(type));
  const named = (text: unknown): Resource | undefined =>
    keys.find((key) => text === keyId(scope, key) || text === arnOfResource(scope, key));
  const direct = named(reference);
  if (direct !== undefined) return direct;
  const alias = aliasesOf(scope).find(
    (resource) => reference === nameOf(scope, resource) || reference === arnOfResource(scope, resource),
  );
  return alias === undefined ? undefined : named(property(scope, alias, 'TargetKeyId'));
}

/** Aliases that are created in this world. */
const aliasesOf = (scope: Scope): readonly Resource[] =>
  [...scope.template.resources.values()].filter(
    ({ type, condition }) => type === ALIAS && (condition === null || holds(scope, { Condition: condition })),
  );

const BYPASS = 'BypassPolicyLockoutSafetyCheck';

function describe(scope: Scope, key: Resource, reference: string): DeclaredKey {
  const given = (name: string) => property(scope, key, name);
  const isReplica = key.type === 'AWS::KMS::ReplicaKey';
  const origin = ofPrimary(isReplica, settledText(scope, given('Origin'), 'AWS_KMS', 'Origin'));
  const multiRegion = settledFlag(scope, given('MultiRegion'), false, 'MultiRegion');
  return {
    is: 'declared',
    id: `${scope.template.id} ${key.id}`,
    address: key.id,
    reference,
    arn: arnOfResource(scope, key) ?? '',
    enabled: inForce(settledFlag(scope, given('Enabled'), true, 'Enabled'), origin),
    spec: ofPrimary(isReplica, settledText(scope, given('KeySpec'), 'SYMMETRIC_DEFAULT', 'KeySpec')),
    usage: ofPrimary(isReplica, settledText(scope, given('KeyUsage'), 'ENCRYPT_DECRYPT', 'KeyUsage')),
    origin,
    validTo: null,
    isMultiRegion: isReplica ? settled(true) : multiRegion,
    rotation: ofPrimary(
      isReplica,
      rotationOf(settledFlag(scope, given('EnableKeyRotation'), false, 'EnableKeyRotation')),
    ),
    grants: [],
    shares: sharesOf(scope, key),
    policy: policyOf(scope, key),
    skipsLockoutCheck: settledFlag(scope, given(BYPASS), false, BYPASS),
  };
}

/** A key whose material may be imported waits for it, however it is declared. */
const inForce = (enabled: Settled<boolean>, origin: Settled<string>): Settled<boolean> =>
  enabled.settled && enabled.value && !origin.settled ? origin : enabled;

/** A replica has these of its primary key, which is in another Region. */
const ofPrimary = <T>(isReplica: boolean, value: Settled<T>): Settled<T> =>
  isReplica ? unsettled('it is that of the primary key, which is in another Region') : value;

const rotationOf = (flag: Settled<boolean>): DeclaredKey['rotation'] =>
  flag.settled ? settled(flag.value ? 'on' : 'off') : flag;

function policyOf(scope: Scope, key: Resource): DeclaredKey['policy'] {
  const policy = optionalProperty(scope, key, 'KeyPolicy');
  if (policy === undefined || policy === null || policy === '') return settled(defaultPolicy(placeOf(scope)));
  return readPolicy(policy, scope.template.references);
}
