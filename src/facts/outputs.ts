import { parseArn } from '../trail/arn.ts';
import type { KeyFacts, ReaderDryRun, Reading, TrailFacts } from '../trail/facts.ts';
import { changeEvents } from './changeEvents.ts';
import type { ReferencePlace } from './keyReference.ts';
import type { OutputMembers, ReaderDryRunMember } from './members.ts';
import { type NamedPreviousKeys, previousKeys } from './previousKeys.ts';
import { isError, readingOf, unreadError } from './readings.ts';

/** What else a trail delivers to, the keys that it named before, and what changed it, as far as anybody read it. */
export type TrailOutputs = Pick<
  TrailFacts,
  'logGroup' | 'topic' | 'previousKeys' | 'previousKeySources' | 'readerDryRuns' | 'changeEvents'
>;

/** The same with keys by name: who knows the keys of an account has still to look them up. */
export interface NamedOutputs extends NamedPreviousKeys {
  readonly logGroup?: NonNullable<TrailOutputs['logGroup']>;
  readonly topic?: Reading<{ readonly arn: string; readonly keyId: string | null }>;
  readonly readerDryRuns?: readonly ReaderDryRun[];
  readonly changeEvents?: NonNullable<TrailOutputs['changeEvents']>;
}

export function trailOutputs(members: OutputMembers, trailArn: string): NamedOutputs {
  const { LogGroup, Topic, ReaderDryRuns, ChangeEvents } = members;
  return {
    ...previousKeys(members),
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
    ...(ReaderDryRuns && { readerDryRuns: ReaderDryRuns.map(readerDryRun) }),
    ...(ChangeEvents && {
      changeEvents: readingOf(ChangeEvents, "the trail's ChangeEvents", 'cloudtrail:LookupEvents', (events) =>
        changeEvents(events, trailArn),
      ),
    }),
  };
}

/** KMS answers a dry run that would succeed with an error of its own. */
function readerDryRun({ RoleArn, Error: error }: ReaderDryRunMember): ReaderDryRun {
  const { code, reason, deniedBy } = unreadError(error, 'kms:Decrypt');
  const isTried = !isError(error, 'NotEntered');
  const refused = isTried && code === 'denied' ? 'denied' : 'open';
  const outcome = isError(error, 'DryRunOperationException') ? 'allowed' : refused;
  return { roleArn: RoleArn, outcome, reason, deniedBy: deniedBy?.policy ?? null };
}

/** Where a bare key id or alias of a topic belongs: the topic may be another account's. */
export function placeOfTopic(topicArn: string, trail: ReferencePlace): ReferencePlace {
  const { partition, accountId, homeRegion } = trail;
  const topic = parseArn(topicArn);
  return { partition, accountId: topic?.accountId ?? accountId, homeRegion: topic?.region ?? homeRegion };
}

/** The outputs with their keys; a key of a topic is named as in the topic's account and Region. */
export function withKeys(
  { logGroup, topic, previousKeys: named, previousKeySources, readerDryRuns, changeEvents: changes }: NamedOutputs,
  keyOf: (reference: string, ofTopic: string | null) => KeyFacts,
): TrailOutputs {
  return {
    ...(logGroup && { logGroup }),
    ...(readerDryRuns && { readerDryRuns }),
    ...(changes && { changeEvents: changes }),
    ...(topic && { topic: topic.read ? { ...topic, value: topicOf(topic.value, keyOf) } : topic }),
    ...(named && {
      previousKeys: named.read ? { ...named, value: named.value.map((arn) => keyOf(arn, null)) } : named,
    }),
    ...(previousKeySources && { previousKeySources }),
  };
}

const topicOf = (
  { arn, keyId }: { readonly arn: string; readonly keyId: string | null },
  keyOf: (reference: string, ofTopic: string | null) => KeyFacts,
) => ({ arn, key: keyId === null ? null : keyOf(keyId, arn) });
