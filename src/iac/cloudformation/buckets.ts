import { isList, isObject, type Json } from '../json.ts';
import { lazily } from '../lazily.ts';
import { type BucketModel, settled, unsettled } from '../model.ts';
import { hasToken } from '../reference.ts';
import { nameOf, placeOf } from './attributes.ts';
import { holds } from './conditions.ts';
import { findDeclared, type ScopedResource } from './elsewhere.ts';
import { bucketPolicy } from './outputs.ts';
import { property, type Resolved, type Scope } from './scope.ts';
import type { Resource } from './template.ts';
import { notResolved, settledFlag, textValue } from './values.ts';

/** What the template tells of the bucket that a trail names. */
export function bucketModel(scope: Scope, name: string | null): BucketModel {
  const declared = name === null ? null : declaredBucket(scope, name);
  if (declared === null) {
    const why = whyUnknown(scope, name);
    const open = { region: () => unsettled(why), encryption: () => unsettled(why) };
    return lazily<Required<BucketModel>>({ ...open, policy: () => (name === null ? null : bucketPolicy(scope, name)) });
  }
  return lazily<Required<BucketModel>>({
    region: () => settled(placeOf(declared.scope).region),
    encryption: () => encryptionOf(declared.scope, property(declared.scope, declared.resource, 'BucketEncryption')),
    policy: () => policyOf(scope, declared.scope, name ?? ''),
  });
}

/** Beside the bucket, or beside the trail. */
const policyOf = (trail: Scope, bucket: Scope, name: string): NonNullable<BucketModel['policy']> | null =>
  bucketPolicy(bucket, name) ?? (bucket.template === trail.template ? null : bucketPolicy(trail, name));

const BUCKET = 'AWS::S3::Bucket';

const declaredBucket = (scope: Scope, name: string): ScopedResource | null =>
  findDeclared(scope, name, BUCKET, (at) => bucketIn(at, name));

function bucketIn(scope: Scope, name: string): Resource | undefined {
  return [...scope.template.resources.values()].find(
    (resource) =>
      resource.type === BUCKET &&
      (resource.condition === null || holds(scope, { Condition: resource.condition })) &&
      nameOf(scope, resource) === name,
  );
}

function whyUnknown(scope: Scope, name: string | null): string {
  if (name === null) return 'the template names no bucket';
  if (hasToken(name)) return notResolved(scope, name);
  return `the bucket \`${name}\` is not in the template`;
}

/** S3 encrypts with AES256 where nothing else is set (Amazon S3 User Guide, default encryption). */
function encryptionOf(scope: Scope, encryption: Resolved): BucketModel['encryption'] {
  if (encryption === undefined || encryption === null) {
    return settled({ algorithm: 'AES256', bucketKeyEnabled: false });
  }
  const rules = isObject(encryption) ? encryption.ServerSideEncryptionConfiguration : undefined;
  const rule: Json | undefined = isList(rules) ? rules[0] : undefined;
  if (!isObject(rule)) {
    return unsettled(
      typeof encryption === 'string' ? notResolved(scope, encryption) : '`BucketEncryption` has no rule',
    );
  }
  const byDefault = isObject(rule.ServerSideEncryptionByDefault) ? rule.ServerSideEncryptionByDefault : {};
  const algorithm = textValue(scope, byDefault.SSEAlgorithm, 'SSEAlgorithm');
  const bucketKey = settledFlag(scope, rule.BucketKeyEnabled, false, 'BucketKeyEnabled');
  if (algorithm !== null && hasToken(algorithm)) return unsettled(notResolved(scope, algorithm));
  if (!bucketKey.settled) return bucketKey;
  return settled({ algorithm, bucketKeyEnabled: bucketKey.value });
}
