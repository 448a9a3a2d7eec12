import { isList, type Json, member } from '../json.ts';
import { type BucketModel, settled, unsettled } from '../model.ts';
import { bucketPolicy } from './outputs.ts';
import { type Atlas, placeOf } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { targetsOf } from './targets.ts';
import { openArgument } from './values.ts';

interface TrailBucket {
  /** May hold a token. */
  readonly name: string | null;
  readonly model: BucketModel;
}

/** What a plan tells of the bucket that a trail names. */
export function trailBucket(atlas: Atlas, trail: Instance): TrailBucket {
  const bucket = bucketOf(atlas, trail, 's3_bucket_name');
  const name = plannedText(trail, 's3_bucket_name');
  if (bucket === null) {
    const why = name === null ? openArgument(trail, 's3_bucket_name') : `the bucket \`${name}\` is not in the plan`;
    return {
      name: name ?? nameToken(atlas, `${trail.address}.s3_bucket_name`, 'text'),
      model: {
        region: unsettled(why),
        encryption: unsettled(why),
        policy: bucketPolicy(atlas, (policy) => name !== null && plannedText(policy, 'bucket') === name),
      },
    };
  }
  const region = plannedText(bucket, 'region') ?? placeOf(atlas, bucket, null).region;
  return {
    name: name ?? plannedText(bucket, 'bucket') ?? nameToken(atlas, bucket.address, 'name'),
    model: {
      region: settled(region),
      encryption: encryptionOf(atlas, bucket),
      policy: bucketPolicy(atlas, (policy) => bucketOf(atlas, policy, 'bucket') === bucket),
    },
  };
}

const nameToken = ({ references }: Atlas, name: string, kind: 'name' | 'text'): string =>
  references.token({
    id: `bucket ${name}`,
    name,
    kind,
    choices: null,
    settledBy: 'deployment',
  });

function bucketOf(atlas: Atlas, instance: Instance, argument: string): Instance | null {
  const buckets = atlas.plan.instances.filter(({ type }) => type === 'aws_s3_bucket');
  const name = plannedText(instance, argument);
  if (name !== null) {
    const named = (one: Instance): boolean => [plannedText(one, 'bucket'), plannedText(one, 'id')].includes(name);
    return buckets.find((one) => !one.isData && named(one)) ?? buckets.find(named) ?? null;
  }
  const { instances, open } = targetsOf(atlas.plan, instance, argument);
  const found = instances.filter((one) => buckets.includes(one));
  return found.length === 1 && open.length === 0 ? (found[0] ?? null) : null;
}

/** S3 encrypts with AES256 where nothing else is set (Amazon S3 User Guide, default encryption). */
function encryptionOf(atlas: Atlas, bucket: Instance): BucketModel['encryption'] {
  const configurations = atlas.plan.instances.filter(
    (one) => !one.isData && one.type === 'aws_s3_bucket_server_side_encryption_configuration',
  );
  const own = configurations.find((one) => bucketOf(atlas, one, 'bucket') === bucket);
  if (own !== undefined) {
    const rule = planned(own, 'rule');
    const isOpen = !rule.known || isOpenRule(first(member(own.unknown, 'rule')));
    return isOpen ? unsettled(openArgument(own, 'rule')) : ofRule(first(rule.value));
  }
  const inline = planned(bucket, 'server_side_encryption_configuration');
  const rule = inline.known ? first(member(first(inline.value), 'rule')) : undefined;
  if (rule !== undefined) return ofRule(rule);
  if (bucket.isData) return unsettled(`\`${bucket.address}\` does not tell its default encryption`);
  return ofRule(undefined);
}

/** Whether applying the plan settles what of a rule matters; the key is no part of that. */
function isOpenRule(unknown: Json | undefined): boolean {
  const byDefault = member(unknown, 'apply_server_side_encryption_by_default');
  const algorithm = member(first(byDefault), 'sse_algorithm');
  return [unknown, byDefault, first(byDefault), algorithm, member(unknown, 'bucket_key_enabled')].includes(true);
}

function ofRule(rule: Json | undefined): BucketModel['encryption'] {
  const algorithm = member(first(member(rule, 'apply_server_side_encryption_by_default')), 'sse_algorithm');
  const bucketKey = member(rule, 'bucket_key_enabled');
  return settled({
    algorithm: typeof algorithm === 'string' ? algorithm : 'AES256',
    bucketKeyEnabled: bucketKey === true,
  });
}

const first = (value: Json | undefined): Json | undefined => (isList(value) ? value[0] : undefined);
