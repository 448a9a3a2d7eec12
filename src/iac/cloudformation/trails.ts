import { isList } from '../json.ts';
import { type Settled, settled, type TrailModel, type TrailSource, unsettled } from '../model.ts';
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
    .filter(({ type }) => type === 'AWS::CloudTrail::Trail')
    .map((resource) => ({
      address: resource.id,
      location: { file: template.file, ...(template.positions.get(resource.id) ?? { line: 1, column: 1 }) },
      keyProperty: 'KMSKeyId',
      model: (world) => {
        const scope = newScope(template, world);
        const isCreated = resource.condition === null || holds(scope, { Condition: resource.condition });
        return { trail: isCreated ? trailModel(scope, resource) : null, compared: scope.compared };
      },
    }));
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
