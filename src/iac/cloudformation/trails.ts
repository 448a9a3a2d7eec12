import { categoriesOf } from '../eventSelectors.ts';
import { isList, type Json } from '../json.ts';
import { namesCloudTrail, trailOfKey } from '../keysAlone.ts';
import { lazily } from '../lazily.ts';
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
import { hasToken, isToken } from '../reference.ts';
import { nameOf, placeOf } from './attributes.ts';
import { bucketModel } from './buckets.ts';
import { holds } from './conditions.ts';
import { keyModel } from './keys.ts';
import type { Links } from './links.ts';
import { misspeltIn, misspeltInWords } from './misspelt.ts';
import { comesAfter, policyWriterOf } from './order.ts';
import { logGroupModel, topicModel } from './outputs.ts';
import { newScope } from './resolve.ts';
import { optionalProperty, property, type Scope } from './scope.ts';
import { cdkPathOf, type Resource, type Template } from './template.ts';
import { notResolved, settledFlag, textValue } from './values.ts';

/** A template as it is deployed once, among those that it has to do with. */
export interface Stack {
  readonly template: Template;
  readonly links: Links;
  /** How a report calls a resource. */
  readonly addressOf: (id: string) => string;
}

/** Every trail that a template declares. */
export function trailsOfTemplate(stack: Stack): readonly TrailSource[] {
  return [...stack.template.resources.values()]
    .filter(({ type }) => type === TRAIL)
    .map((resource) => sourceOf(stack, resource, resource));
}

/** Every event data store that a template declares, as a trail of which only the key is known. */
export function eventDataStoresOfTemplate(stack: Stack): readonly TrailSource[] {
  return [...stack.template.resources.values()]
    .filter(({ type }) => type === EVENT_DATA_STORE)
    .map((resource) => {
      const { KmsKeyId } = resource.properties;
      const properties: Resource['properties'] = KmsKeyId === undefined ? {} : { KMSKeyId: KmsKeyId };
      const source = sourceOf(stack, resource, { ...resource, properties });
      return { ...source, keyProperty: 'KmsKeyId' };
    });
}

/** Every key that a template declares. */
export function keysOfTemplate(stack: Stack): DeclaredKeys {
  const keys = [...stack.template.resources.values()].filter(({ type }) => type === 'AWS::KMS::Key');
  const isForCloudTrail = ({ properties }: Resource): boolean => namesCloudTrail(properties.KeyPolicy);
  return {
    forCloudTrail: keys.filter(isForCloudTrail).map((key) => {
      const properties = { KMSKeyId: { 'Fn::GetAtt': [key.id, 'Arn'] } };
      return sourceOf(stack, key, { ...key, ...bareTrail(trailOfKey(key.id)), properties });
    }),
    others: keys.filter((key) => !isForCloudTrail(key)).map(({ id }) => id),
  };
}

const TRAIL = 'AWS::CloudTrail::Trail';
const EVENT_DATA_STORE = 'AWS::CloudTrail::EventDataStore';

const bareTrail = (id: string) => ({
  id,
  type: TRAIL,
  properties: {},
  metadata: {},
  dependsOn: [],
  isExpanded: false,
  assetPath: null,
});

/** @param resource whose place the source has @param trail what is evaluated */
function sourceOf({ template, links, addressOf }: Stack, resource: Resource, trail: Resource): TrailSource {
  const { id } = resource;
  const misspelt = misspeltIn(trail).find(({ meant }) => meant === 'KMSKeyId');
  const conditions = conditionsOn(template, resource, links);
  const isCreated = (scope: Scope): boolean =>
    conditions.map(([at, condition]) => holds(scope.at(at), { Condition: condition })).every(Boolean);
  const resolve = (world: Assignment, isThere: (scope: Scope) => boolean, what: Resource): Resolution => {
    const scope = newScope(template, world, links);
    return { trail: isThere(scope) ? trailModel(scope, what) : null, compared: scope.compared };
  };
  return {
    id: `${template.id} ${id}`,
    address: addressOf(id),
    cdkPath: cdkPathOf(resource),
    location: { file: template.file, ...(template.positions.get(id) ?? { line: 1, column: 1 }) },
    keyProperty: 'KMSKeyId',
    misspeltKeyProperty: misspelt === undefined ? null : misspeltInWords(misspelt, resource),
    model: (world) => resolve(world, isCreated, trail),
    absent:
      conditions.length === 0
        ? null
        : (world) => resolve(world, (scope) => !isCreated(scope), { ...trail, ...bareTrail(`Without${id}`) }),
  };
}

/** What decides that a resource is created: its own condition, and those of the stacks around it. */
function conditionsOn(
  template: Template,
  { condition }: Pick<Resource, 'condition'>,
  links: Links,
): readonly (readonly [at: Template, condition: string])[] {
  const parent = links.parentOf(template);
  const own: readonly (readonly [Template, string])[] = condition === null ? [] : [[template, condition]];
  return parent === null ? own : [...own, ...conditionsOn(parent.template, parent, links)];
}

/** Each property is resolved where somebody asks for it: what it compares with is noted then. */
function trailModel(scope: Scope, resource: Resource): TrailModel {
  const text = (name: string): string | null =>
    textValue(scope, optionalProperty(scope, resource, name), `${resource.id}.${name}`);
  const flag = (name: string, fallback: boolean): Settled<boolean> =>
    settledFlag(scope, property(scope, resource, name), fallback, `${resource.id}.${name}`);
  const bucketName = (): string | null =>
    textValue(scope, property(scope, resource, 'S3BucketName'), `${resource.id}.S3BucketName`);
  return lazily<Required<TrailModel>>({
    place: () => placeOf(scope),
    name: () => nameOf(scope, resource),
    bucketName,
    keyPrefix: () => text('S3KeyPrefix'),
    isMultiRegion: () => flag('IsMultiRegionTrail', false),
    isOrganization: () => flag('IsOrganizationTrail', false),
    logFileValidation: () => flag('EnableLogFileValidation', false),
    hasInsightSelectors: () => isAny(scope, resource, 'InsightSelectors'),
    eventCategories: () => eventCategories(scope, resource),
    aggregates: () => isAny(scope, resource, 'AggregationConfigurations'),
    isLogging: () => flag('IsLogging', true),
    bucket: () => bucketModel(scope, bucketName()),
    logGroup: () => logGroupModel(scope, resource),
    topic: () => topicModel(scope, resource),
    key: () => {
      const reference = text('KMSKeyId');
      return reference === null ? null : keyModel(scope, reference);
    },
    lateWriter: () => lateWriter(scope, resource),
    isEventDataStore: () => resource.type === EVENT_DATA_STORE,
  });
}

/** The custom resource that writes the policy of the trail's key after the trail, or nobody knows when. */
function lateWriter(scope: Scope, { id, properties }: Resource): string | null {
  const reference = textValue(scope, scope.resolve(properties.KMSKeyId), `${id}.KMSKeyId`);
  const key = reference === null ? null : keyModel(scope, reference);
  const writer = key?.is === 'declared' ? policyWriterOf(scope.template, key.address) : null;
  return writer === null || comesAfter(scope.template, id, writer.id) ? null : writer.id;
}

/** Whether a list holds anything. */
function isAny(scope: Scope, resource: Resource, name: string): Settled<boolean> {
  const list = listProperty(scope, resource, name);
  return list.settled ? settled(list.value.length > 0) : list;
}

function eventCategories(scope: Scope, resource: Resource): TrailModel['eventCategories'] {
  const selectors = listProperty(scope, resource, 'AdvancedEventSelectors');
  if (!selectors.settled) return selectors;
  const categories = categoriesOf(selectors.value, SPELLING);
  const open = categories.find((category) => category !== null && hasToken(category));
  return typeof open === 'string' ? unsettled(notResolved(scope, open)) : settled(categories);
}

const SPELLING = { fieldSelectors: 'FieldSelectors', field: 'Field', equals: 'Equals' };

function listProperty(scope: Scope, resource: Resource, name: string): Settled<readonly Json[]> {
  const list = property(scope, resource, name);
  if (list === undefined || list === null) return settled([]);
  if (isList(list)) return settled(list);
  return unsettled(typeof list === 'string' && isToken(list) ? notResolved(scope, list) : 'it is no list');
}
