import { arnOf, type DeploymentPlace } from '../model.ts';
import { NESTED_STACKS, nestedOutput } from './imports.ts';
import { parameterValue } from './parameters.ts';
import { generated, generatedId, property, pseudoParameter, type Resolved, type Scope, unresolved } from './scope.ts';
import type { Resource, Template } from './template.ts';

/** Properties that name a resource; CloudFormation makes up a name where they are left out. */
const NAME_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['AWS::CloudTrail::Trail', 'TrailName'],
  ['AWS::S3::Bucket', 'BucketName'],
  ['AWS::KMS::Alias', 'AliasName'],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::SSM::Parameter', 'Name'],
]);

const IAM_RESOURCES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::Role', 'role'],
  ['AWS::IAM::User', 'user'],
  ['AWS::IAM::Group', 'group'],
]);

export const KEY_TYPES: readonly string[] = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'];

/** What `Ref` gives: a parameter, a pseudo parameter, or what identifies a resource. */
export function referTo(scope: Scope, name: string): Resolved {
  if (name.startsWith('AWS::')) return pseudoParameter(scope, name);
  if (scope.template.parameters.has(name)) return parameterValue(scope, name);
  const resource = scope.template.resources.get(name);
  if (resource === undefined) return unresolved(scope, name);
  if (KEY_TYPES.includes(resource.type)) return keyId(scope, resource);
  return NAME_PROPERTIES.has(resource.type) ? nameOf(scope, resource) : unresolved(scope, name);
}

/** What `Fn::GetAtt` gives. */
export function attributeOf(scope: Scope, id: string, attribute: string): Resolved {
  const resource = scope.template.resources.get(id);
  if (resource === undefined) return unresolved(scope, `${id}.${attribute}`);
  if (NESTED_STACKS.has(resource.type) && attribute.startsWith('Outputs.'))
    return nestedOutput(scope, resource, attribute);
  if (attribute === 'Arn') return arnOfResource(scope, resource) ?? unresolved(scope, `${id}.Arn`);
  if (attribute === 'KeyId' && KEY_TYPES.includes(resource.type)) return keyId(scope, resource);
  return unresolved(scope, `${id}.${attribute}`);
}

/** Where the template is deployed. */
export const placeOf = (scope: Scope): DeploymentPlace => ({
  partition: String(pseudoParameter(scope, 'AWS::Partition')),
  accountId: String(pseudoParameter(scope, 'AWS::AccountId')),
  region: String(pseudoParameter(scope, 'AWS::Region')),
});

/** The name of a resource, whether its properties give it or CloudFormation makes it up. */
export function nameOf(scope: Scope, resource: Resource): string {
  const nameProperty = NAME_PROPERTIES.get(resource.type);
  const name = nameProperty === undefined ? undefined : property(scope, resource, nameProperty);
  return typeof name === 'string' && name !== '' ? name : generated(scope, resource.id, 'name');
}

export const keyId = (scope: Scope, { id }: Resource): string => generated(scope, id, KEY_ID);

/** The id of the reference that stands for a key's id. */
export const idOfKey = (template: Template, { id }: Resource): string => generatedId(template, id, KEY_ID);

const KEY_ID = 'key id';

/** The ARN of a resource whose kind is known here. */
export function arnOfResource(scope: Scope, resource: Resource): string | null {
  const place = placeOf(scope);
  const { type } = resource;
  if (KEY_TYPES.includes(type)) return arnOf('kms', place, `key/${keyId(scope, resource)}`);
  if (type === 'AWS::CloudTrail::Trail') return arnOf('cloudtrail', place, `trail/${nameOf(scope, resource)}`);
  if (type === 'AWS::S3::Bucket') return `arn:${place.partition}:s3:::${nameOf(scope, resource)}`;
  if (type === 'AWS::KMS::Alias') return arnOf('kms', place, nameOf(scope, resource));
  const iam = IAM_RESOURCES.get(type);
  if (iam === undefined) return null;
  const path = property(scope, resource, 'Path');
  const folder = typeof path === 'string' ? path : '/';
  return `arn:${place.partition}:iam::${place.accountId}:${iam}${folder}${nameOf(scope, resource)}`;
}
