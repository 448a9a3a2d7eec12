import { type BucketModel, type LogGroupModel, settled, type TopicModel } from '../model.ts';
import { readPolicy } from '../policyText.ts';
import { holds } from './conditions.ts';
import { keyModel } from './keys.ts';
import { optionalProperty, property, type Scope } from './scope.ts';
import type { Resource } from './template.ts';
import { textValue } from './values.ts';

/** The log group of the trail, where its template declares it. */
export function logGroupModel(scope: Scope, trail: Resource): LogGroupModel | null {
  const group = declared(scope, trail, {
    by: 'CloudWatchLogsLogGroupArn',
    type: 'AWS::Logs::LogGroup',
    attributes: ['Arn'],
  });
  return group === null ? null : { name: group.id, kmsKeyId: settled(textOf(scope, group, 'KmsKeyId')) };
}

/** The topic of the trail, where its template declares it. */
export function topicModel(scope: Scope, trail: Resource): TopicModel | null {
  const attributes = ['TopicArn', 'TopicName'];
  const topic = declared(scope, trail, { by: 'SnsTopicName', type: 'AWS::SNS::Topic', attributes });
  if (topic === null) return null;
  const key = textOf(scope, topic, 'KmsMasterKeyId');
  const name = textValue(scope, scope.resolve({ Ref: topic.id }), topic.id) ?? topic.id;
  return { name, key: settled(key === null ? null : keyModel(scope, key)) };
}

/** The policy that a template declares for the bucket of this name; `null`: none. */
export function bucketPolicy(scope: Scope, bucket: string): NonNullable<BucketModel['policy']> | null {
  const own = createdOf(scope, 'AWS::S3::BucketPolicy').find((one) => textOf(scope, one, 'Bucket') === bucket);
  const document = own === undefined ? undefined : property(scope, own, 'PolicyDocument');
  return document === undefined || document === null ? null : readPolicy(document, scope.template.references);
}

const textOf = (scope: Scope, resource: Resource, name: string): string | null =>
  textValue(scope, optionalProperty(scope, resource, name), `${resource.id}.${name}`);

const createdOf = (scope: Scope, wanted: string): readonly Resource[] =>
  [...scope.template.resources.values()].filter(
    ({ type, condition }) => type === wanted && (condition === null || holds(scope, { Condition: condition })),
  );

/** What a property of the trail refers to, by `Ref`, by an attribute, or inside a longer text. */
function declared(
  scope: Scope,
  trail: Resource,
  { by, type, attributes }: { readonly by: string; readonly type: string; readonly attributes: readonly string[] },
): Resource | null {
  const text = textOf(scope, trail, by);
  if (text === null) return null;
  const names = ({ id }: Resource): readonly unknown[] =>
    [{ Ref: id }, ...attributes.map((attribute) => ({ 'Fn::GetAtt': [id, attribute] }))].map(scope.resolve);
  const isNamed = (one: Resource): boolean =>
    names(one).some((name) => typeof name === 'string' && text.includes(name));
  return createdOf(scope, type).find(isNamed) ?? null;
}
