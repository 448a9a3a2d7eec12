import type { KeyFacts, Reading, TrailFacts } from '../trail/facts.ts';
import { changeEvents } from './changeEvents.ts';
import type { OutputMembers } from './members.ts';
import { readingOf } from './readings.ts';

/** What else a trail delivers to, the keys that it named before, and what changed it, as far as anybody read it. */
export type TrailOutputs = Pick<TrailFacts, 'logGroup' | 'topic' | 'previousKeys' | 'changeEvents'>;

/** The same with keys by name: who knows the keys of an account has still to look them up. */
export interface NamedOutputs {
  readonly logGroup?: NonNullable<TrailOutputs['logGroup']>;
  readonly topic?: Reading<{ readonly arn: string; readonly keyId: string | null }>;
  readonly previousKeys?: Reading<readonly string[]>;
  readonly changeEvents?: NonNullable<TrailOutputs['changeEvents']>;
}

export function trailOutputs(
  { LogGroup, Topic, PreviousKeys, ChangeEvents }: OutputMembers,
  trailArn: string,
): NamedOutputs {
  return {
    ...(LogGroup && {
      logGroup: readingOf(LogGroup, 'the log group', 'logs:DescribeLogGroups', ({ Arn, KmsKeyId }) => ({
        arn: Arn,
        kmsKeyId: KmsKeyId || null,
      })),
    }),
    ...(Topic && {
      topic: readingOf(Topic, 'the topic', 'sns:GetTopicAttributes', ({ Arn, KmsMasterKeyId }) => ({
        arn: Arn,
        keyId: KmsMasterKeyId || null,
      })),
    }),
    ...(PreviousKeys && {
      previousKeys: readingOf(PreviousKeys, 'the earlier keys', 'config:GetResourceConfigHistory', (arns) => arns),
    }),
    ...(ChangeEvents && {
      changeEvents: readingOf(ChangeEvents, "the trail's ChangeEvents", 'cloudtrail:LookupEvents', (events) =>
        changeEvents(events, trailArn),
      ),
    }),
  };
}

/** The outputs with their keys; a key of a topic is named as in the topic's account and Region. */
export function withKeys(
  { logGroup, topic, previousKeys, changeEvents: changes }: NamedOutputs,
  keyOf: (reference: string, ofTopic: string | null) => KeyFacts,
): TrailOutputs {
  return {
    ...(logGroup && { logGroup }),
    ...(changes && { changeEvents: changes }),
    ...(topic && { topic: topic.read ? { ...topic, value: topicOf(topic.value, keyOf) } : topic }),
    ...(previousKeys && {
      previousKeys: previousKeys.read
        ? { ...previousKeys, value: previousKeys.value.map((arn) => keyOf(arn, null)) }
        : previousKeys,
    }),
  };
}

const topicOf = (
  { arn, keyId }: { readonly arn: string; readonly keyId: string | null },
  keyOf: (reference: string, ofTopic: string | null) => KeyFacts,
) => ({ arn, key: keyId === null ? null : keyOf(keyId, arn) });
