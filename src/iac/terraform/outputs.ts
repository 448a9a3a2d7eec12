import { type BucketModel, type LogGroupModel, settled, type TopicModel } from '../model.ts';
import { keyModel } from './keys.ts';
import type { Atlas } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { targetsOf } from './targets.ts';
import { isConfigured } from './values.ts';

/** The log group of the trail, where the plan declares it. */
export function logGroupModel(atlas: Atlas, trail: Instance): LogGroupModel | null {
  const group = targetOf(atlas, trail, 'cloud_watch_logs_group_arn', 'aws_cloudwatch_log_group');
  if (group === null) return null;
  const hasKey = planned(group, 'kms_key_id').known ? plannedText(group, 'kms_key_id') : null;
  // A key that is still to be made is one.
  const isOpen = hasKey === null && isConfigured(group, 'kms_key_id') && !planned(group, 'kms_key_id').known;
  return { name: group.address, kmsKeyId: settled(isOpen ? `${group.address}.kms_key_id` : hasKey) };
}

/** The topic of the trail, where the plan declares it. */
export function topicModel(atlas: Atlas, trail: Instance): TopicModel | null {
  const topic = targetOf(atlas, trail, 'sns_topic_name', 'aws_sns_topic');
  if (topic === null) return null;
  return {
    name: plannedText(topic, 'arn') ?? topic.address,
    key: settled(keyModel(atlas, topic, 'kms_master_key_id')),
  };
}

/** The policy of the trail's bucket, where the plan tells it whole: what applying fills in is left out. */
export function bucketPolicy(
  atlas: Atlas,
  isBucket: (policy: Instance) => boolean,
): NonNullable<BucketModel['policy']> | null {
  const own = atlas.plan.instances.find((one) => !one.isData && one.type === 'aws_s3_bucket_policy' && isBucket(one));
  const text = own === undefined ? null : plannedText(own, 'policy');
  return text === null ? null : settled(text);
}

function targetOf({ plan }: Atlas, trail: Instance, argument: string, type: string): Instance | null {
  const { instances } = targetsOf(plan, trail, argument);
  const [only, ...others] = instances.filter((one) => one.type === type && !one.isData);
  return only !== undefined && others.length === 0 ? only : null;
}
