import { isList } from '../json.ts';
import { namesCloudTrail, trailOfKey } from '../keysAlone.ts';
import {
  type Assignment,
  type DeclaredKeys,
  type Resolution,
  type Settled,
  settled,
  type TrailModel,
  type TrailSource,
  unsettled,
} from '../model.ts';
import { isToken } from '../reference.ts';
import { nameOf, placeOf } from './attributes.ts';
import { bucketModel } from './buckets.ts';
import { holds } from './conditions.ts';
import { keyModel } from './keys.ts';
import { newScope } from './resolve.ts';
import { optionalProperty, property, type Scope } from './scope.ts';
import type { Resource, Template } from './template.ts';
import { notResolved, settledFlag, textValue } from './values.ts';

/** Every trail that a template declares. */
export function trailsOfTemplate(template: Template): readonly TrailSource[] {
  return [...template.resources.values()]
    .filter(({ type }) => type === TRAIL)
    .map((resource) => sourceOf(template, resource, resource));
}

/** Every key that a template declares. */
export function keysOfTemplate(template: Template): DeclaredKeys {
  const keys = [...template.resources.values()].filter(({ type }) => type === 'AWS::KMS::Key');
  const isForCloudTrail = ({ properties }: Resource): boolean => namesCloudTrail(properties.KeyPolicy);
  return {
    forCloudTrail: keys.filter(isForCloudTrail).map((key) => {
      const properties = { KMSKeyId: { 'Fn::GetAtt': [key.id, 'Arn'] } };
      return sourceOf(template, key, { ...key, ...bareTrail(trailOfKey(key.id)), properties });
    }),
    others: keys.filter((key) => !isForCloudTrail(key)).map(({ id }) => id),
  };
}

const TRAIL = 'AWS::CloudTrail::Trail';

const bareTrail = (id: string) => ({ id, type: TRAIL, properties: {}, isExpanded: false });

/** @param resource whose place the source has @param trail what is evaluated */
function sourceOf(template: Template, resource: Resource, trail: Resource): TrailSource {
  const { id, condition } = resource;
  const given = condition === null ? undefined : { Condition: condition };
  const resolve = (world: Assignment, isCreated: (scope: Scope) => boolean, what: Resource): Resolution => {
    const scope = newScope(template, world);
    return { trail: isCreated(scope) ? trailModel(scope, what) : null, compared: scope.compared };
  };
  return {
    address: id,
    location: { file: template.file, ...(template.positions.get(id) ?? { line: 1, column: 1 }) },
    keyProperty: 'KMSKeyId',
    model: (world) => resolve(world, (scope) => given === undefined || holds(scope, given), trail),
    absent:
      given === undefined
        ? null
        : (world) => resolve(world, (scope) => !holds(scope, given), { ...trail, ...bareTrail(`Without${id}`) }),
  };
}

function trailModel(scope: Scope, resource: Resource): TrailModel {
  const text = (name: string): string | null =>
    textValue(scope, optionalProperty(scope, resource, name), `${resource.id}.${name}`);
  const flag = (name: string, fallback: boolean): Settled<boolean> =>
    settledFlag(scope, property(scope, resource, name), fallback, `${resource.id}.${name}`);
  const bucketName = textValue(scope, property(scope, resource, 'S3BucketName'), `${resource.id}.S3BucketName`);
  const reference = text('KMSKeyId');
  return {
    place: placeOf(scope),
    name: nameOf(scope, resource),
    bucketName,
    keyPrefix: text('S3KeyPrefix'),
    isMultiRegion: flag('IsMultiRegionTrail', false),
    isOrganization: flag('IsOrganizationTrail', false),
    logFileValidation: flag('EnableLogFileValidation', false),
    hasInsightSelectors: insightSelectors(scope, resource),
    isLogging: flag('IsLogging', true),
    bucket: bucketModel(scope, bucketName),
    key: reference === null ? null : keyModel(scope, reference),
  };
}

function insightSelectors(scope: Scope, resource: Resource): Settled<boolean> {
  const selectors = property(scope, resource, 'InsightSelectors');
  if (selectors === undefined || selectors === null) return settled(false);
  if (isList(selectors)) return settled(selectors.length > 0);
  const why = typeof selectors === 'string' && isToken(selectors) ? notResolved(scope, selectors) : 'it is no list';
  return unsettled(why);
}
