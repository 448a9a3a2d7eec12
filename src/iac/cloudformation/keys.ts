import { keyIdentity } from '../../trail/arn.ts';
import { awsManagedKey, isAwsManagedAlias } from '../awsManagedKey.ts';
import { lazily } from '../lazily.ts';
import { type DeclaredKey, defaultPolicy, type KeyModel, type Settled, settled, unsettled } from '../model.ts';
import { readPolicy } from '../policyText.ts';
import { hasToken } from '../reference.ts';
import { arnOfResource, KEY_TYPES, keyId, nameOf, placeOf } from './attributes.ts';
import { holds } from './conditions.ts';
import { findDeclared } from './elsewhere.ts';
import { whyImpossible } from './impossibleKey.ts';
import { policyWriterOf } from './order.ts';
import { optionalProperty, property, type Scope } from './scope.ts';
import { sharesOf } from './shares.ts';
import { cdkPathOf, type Resource } from './template.ts';
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
  const impossible = whyImpossible(scope.template, reference);
  const why = hasToken(reference) ? notResolved(scope, reference) : `the key \`${reference}\` is not in the template`;
  return { is: 'elsewhere', reference, arn, why: impossible ?? why, isImpossible: impossible !== null };
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
  const origin = (): Settled<string> => ofPrimary(isReplica, settledText(scope, given('Origin'), 'AWS_KMS', 'Origin'));
  const flag = (name: string, fallback: boolean): Settled<boolean> => settledFlag(scope, given(name), fallback, name);
  return lazily<DeclaredKey>({
    is: () => 'declared',
    id: () => `${scope.template.id} ${key.id}`,
    address: () => key.id,
    cdkPath: () => cdkPathOf(key),
    reference: () => reference,
    arn: () => arnOfResource(scope, key) ?? '',
    enabled: () => inForce(flag('Enabled', true), origin),
    spec: () => ofPrimary(isReplica, settledText(scope, given('KeySpec'), 'SYMMETRIC_DEFAULT', 'KeySpec')),
    usage: () => ofPrimary(isReplica, settledText(scope, given('KeyUsage'), 'ENCRYPT_DECRYPT', 'KeyUsage')),
    origin,
    validTo: () => null,
    isMultiRegion: () => (isReplica ? settled(true) : flag('MultiRegion', false)),
    rotation: () => ofPrimary(isReplica, rotationOf(flag('EnableKeyRotation', false))),
    grants: () => [],
    shares: () => sharesOf(scope, key),
    policy: () => policyOf(scope, key),
    skipsLockoutCheck: () => flag(BYPASS, false),
  });
}

/** A key whose material may be imported waits for it, however it is declared. */
function inForce(enabled: Settled<boolean>, originOf: () => Settled<string>): Settled<boolean> {
  if (!enabled.settled || !enabled.value) return enabled;
  const origin = originOf();
  return origin.settled ? enabled : origin;
}

/** A replica has these of its primary key, which is in another Region. */
const ofPrimary = <T>(isReplica: boolean, value: Settled<T>): Settled<T> =>
  isReplica ? unsettled('it is that of the primary key, which is in another Region') : value;

const rotationOf = (flag: Settled<boolean>): DeclaredKey['rotation'] =>
  flag.settled ? settled(flag.value ? 'on' : 'off') : flag;

function policyOf(scope: Scope, key: Resource): DeclaredKey['policy'] {
  const writer = policyWriterOf(scope.template, key.id);
  if (writer !== null) return unsettled(`\`${writer.id}\` writes it when it is deployed`);
  const policy = optionalProperty(scope, key, 'KeyPolicy');
  if (policy === undefined || policy === null || policy === '') return settled(defaultPolicy(placeOf(scope)));
  return readPolicy(policy, scope.template.references);
}
