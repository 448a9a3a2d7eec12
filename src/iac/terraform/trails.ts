import type { Deployment } from '../cloudformation/template.ts';
import { categoriesOf } from '../eventSelectors.ts';
import { isList, type Json, member, objectsIn, textAt, textsIn } from '../json.ts';
import { namesCloudTrail, trailOfKey } from '../keysAlone.ts';
import {
  type DeclaredKey,
  type DeclaredKeys,
  type Location,
  type Settled,
  settled,
  type TrailModel,
  type TrailSource,
  unsettled,
} from '../model.ts';
import type { Deployed } from '../project/deployed.ts';
import { References } from '../reference.ts';
import { lineCounter } from '../source/jsonPositions.ts';
import type { Source } from '../source/readSource.ts';
import { trailBucket } from './buckets.ts';
import { declaredKeys, keyModel } from './keys.ts';
import { leftOut } from './leftOut.ts';
import { comesAfter } from './order.ts';
import { logGroupModel, topicModel } from './outputs.ts';
import { type Atlas, placeOf } from './place.ts';
import { type Instance, type Plan, planned, plannedText, readPlan } from './plan.ts';
import { writerOf } from './policies.ts';
import { openArgument, settledFlag } from './values.ts';

interface PlanTrails {
  readonly trails: readonly TrailSource[];
  readonly eventDataStores: readonly TrailSource[];
  readonly keys: DeclaredKeys;
  readonly references: References;
  /** What is not checked, one sentence part each. */
  readonly leftOut: readonly string[];
}

/** Every trail that is there once a plan is applied. */
export function trailsOfPlan(
  { document, file, text, files }: Extract<Source, { is: 'plan' }>,
  deployment: Deployment,
  deployed: Deployed | null,
): PlanTrails {
  const references = new References();
  const atlas: Atlas = {
    plan: readPlan(document, file, text, files ?? null),
    references,
    deployment,
    deployed,
  };
  const trails = atlas.plan.instances
    .filter(({ type, isData }) => type === 'aws_cloudtrail' && !isData)
    .map((instance) => sourceOf(atlas.plan, instance, trailModel(atlas, instance)));
  const eventDataStores = atlas.plan.instances
    .filter(({ type, isData }) => type === 'aws_cloudtrail_event_data_store' && !isData)
    .map((instance) => sourceOf(atlas.plan, instance, eventDataStoreModel(atlas, instance)));
  const left = leftOut(document, atlas.plan.instances);
  return { trails, eventDataStores, keys: keysOf(atlas), references, leftOut: left };
}

const sourceOf = (plan: Plan, instance: Instance, trail: TrailModel): TrailSource => ({
  id: `${plan.file} ${instance.address}`,
  address: instance.address,
  cdkPath: null,
  location: locationOf(plan, instance),
  keyProperty: 'kms_key_id',
  misspeltKeyProperty: null,
  // Applying fills every reference at once: no world changes what the plan describes.
  model: () => ({ trail, compared: new Map() }),
  absent: null,
});

function keysOf(atlas: Atlas): DeclaredKeys {
  const keys = declaredKeys(atlas).map(({ instance, key }) => ({
    instance,
    key,
    isForCloudTrail: isForCloudTrail(key),
  }));
  return {
    forCloudTrail: keys.flatMap(({ instance, key, isForCloudTrail: isMeant }) =>
      isMeant ? [sourceOf(atlas.plan, instance, trailOf(atlas, instance, key))] : [],
    ),
    others: keys.flatMap(({ instance, isForCloudTrail: isMeant }) => (isMeant ? [] : [instance.address])),
  };
}

const isForCloudTrail = ({ policy }: DeclaredKey): boolean => policy.settled && namesCloudTrail(policy.value);

/** An event data store as a trail of which nothing is known but its key. */
const eventDataStoreModel = (atlas: Atlas, instance: Instance): TrailModel => ({
  ...trailOf(atlas, instance, keyModel(atlas, instance)),
  isEventDataStore: true,
});

/** A trail of which nothing is known but its key. */
function trailOf(atlas: Atlas, instance: Instance, key: TrailModel['key']): TrailModel {
  const open = unsettled('no trail of the plan uses the key');
  const policy = key?.is === 'declared' && key.policy.settled ? key.policy.value : null;
  return {
    place: placeOf(atlas, instance, policy),
    name: openText(atlas, { ...instance, address: trailOfKey(instance.address) }, 'name'),
    bucketName: null,
    keyPrefix: null,
    isMultiRegion: open,
    isOrganization: open,
    logFileValidation: open,
    hasInsightSelectors: open,
    eventCategories: open,
    aggregates: open,
    isLogging: open,
    bucket: { region: open, encryption: open },
    key,
    lateWriter: null,
  };
}

function trailModel(atlas: Atlas, trail: Instance): TrailModel {
  const key = keyModel(atlas, trail);
  const policy = key?.is === 'declared' && key.policy.settled ? key.policy.value : null;
  const bucket = trailBucket(atlas, trail);
  return {
    place: placeOf(atlas, trail, policy),
    name: plannedText(trail, 'name') ?? openText(atlas, trail, 'name'),
    bucketName: bucket.name,
    keyPrefix: planned(trail, 's3_key_prefix').known
      ? plannedText(trail, 's3_key_prefix')
      : openText(atlas, trail, 's3_key_prefix'),
    isMultiRegion: settledFlag(trail, 'is_multi_region_trail', false),
    isOrganization: settledFlag(trail, 'is_organization_trail', false),
    logFileValidation: settledFlag(trail, 'enable_log_file_validation', false),
    hasInsightSelectors: isAny(trail, 'insight_selector'),
    eventCategories: eventCategories(trail),
    aggregates: isAny(trail, 'aggregation_configuration'),
    isLogging: settledFlag(trail, 'enable_logging', true),
    bucket: bucket.model,
    logGroup: logGroupModel(atlas, trail),
    topic: topicModel(atlas, trail),
    key,
    lateWriter: key?.is === 'declared' ? lateWriter(atlas, trail, key) : null,
  };
}

/** The resource that writes the key's policy in this plan, where nothing makes it come before the trail. */
function lateWriter(atlas: Atlas, trail: Instance, { address }: DeclaredKey): string | null {
  const { plan } = atlas;
  const key = plan.instances.find((one) => one.address === address);
  const writer = key === undefined ? undefined : writerOf(atlas, key);
  if (writer === undefined || writer === key || !isWritten(plan, writer)) return null;
  return comesAfter(plan, trail, writer) === false ? writer.address : null;
}

/** Whether applying the plan makes or changes a resource. */
const isWritten = ({ document }: Plan, { address }: Instance): boolean =>
  objectsIn(document, 'resource_changes').some(
    (change) =>
      textAt(change, 'address') === address &&
      textsIn(member(change, 'change', 'actions')).some((action) => action === 'create' || action === 'update'),
  );

const openText = ({ references }: Atlas, { address }: Instance, name: string): string =>
  references.token({
    id: `${address}.${name}`,
    name: `${address}.${name}`,
    kind: 'text',
    choices: null,
    settledBy: 'deployment',
  });

/** Whether there is a block of this name. */
function isAny(trail: Instance, name: string): Settled<boolean> {
  const blocks = blocksOf(trail, name);
  return blocks.settled ? settled(blocks.value.length > 0) : blocks;
}

function eventCategories(trail: Instance): TrailModel['eventCategories'] {
  const selectors = blocksOf(trail, 'advanced_event_selector');
  return selectors.settled ? settled(categoriesOf(selectors.value, SPELLING)) : selectors;
}

const SPELLING = { fieldSelectors: 'field_selector', field: 'field', equals: 'equals' };

function blocksOf(trail: Instance, name: string): Settled<readonly Json[]> {
  const blocks = planned(trail, name);
  if (!blocks.known) return unsettled(openArgument(trail, name));
  return settled(isList(blocks.value) ? blocks.value : []);
}

/** Where its configuration stands, or else where the plan first names the resource. */
function locationOf({ files, file, text }: Plan, { address, module, localName }: Instance): Location {
  const place = files?.placeOf(module, localName) ?? null;
  if (place !== null) return place;
  const name = JSON.stringify(address).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`"address"\\s*:\\s*${name}`).exec(text);
  return { file, ...lineCounter(text)(match?.index ?? 0) };
}
