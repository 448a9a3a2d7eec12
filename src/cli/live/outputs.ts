import type { changeEventReader } from '../../aws/read/changeEvents.ts';
import { describedTrail } from '../../aws/read/trail.ts';
import type { ReferencePlace } from '../../facts/keyReference.ts';
import { isErrorMember, type OutputMembers } from '../../facts/members.ts';
import { placeOfTopic } from '../../facts/outputs.ts';
import { parseArn } from '../../trail/arn.ts';
import { type AccountAccess, accessIn } from './reach.ts';
import type { FurtherRead } from './request.ts';
import type { FoundTrail } from './trails.ts';

/** How the keys that a trail's outputs name, and those that it named before, get into the document. */
interface KeysOfOutputs {
  /** The whole key: of a topic. */
  read(place: ReferencePlace, reference: string): Promise<unknown>;
  /** What DescribeKey tells: of a key that only decrypts. */
  describe(place: ReferencePlace, reference: string): Promise<unknown>;
}

/** Reads what else a trail delivers to, and the keys that it named before, as far as somebody asked. */
export function outputsReader(
  reach: AccountAccess,
  alsoRead: readonly FurtherRead[],
  keys: KeysOfOutputs,
  changeEvents: ReturnType<typeof changeEventReader>,
) {
  const asks = (what: FurtherRead): boolean => alsoRead.includes(what);
  const accessTo = (trail: FoundTrail) => accessIn(reach, trail.accountId, reach.own);

  /** What CloudTrail itself says of a trail: an aggregator's list is without log group and topic. */
  const described = async (trail: FoundTrail) => {
    if (trail.isRecorded !== true) return trail.Trail;
    const { access, closed } = await accessTo(trail);
    return describedTrail(access, trail, closed);
  };

  const logGroup = async (trail: FoundTrail, arn: string): Promise<OutputMembers> => {
    const { readLogGroup } = await import('../../aws/read/logGroup.ts');
    const { access, closed } = await accessIn(reach, parseArn(arn)?.accountId ?? trail.accountId, reach.own);
    return { LogGroup: await readLogGroup(access, arn, closed) };
  };

  const topic = async (trail: FoundTrail, arn: string): Promise<OutputMembers> => {
    const { readTopic } = await import('../../aws/read/topic.ts');
    const place = placeOfTopic(arn, trail);
    // A topic's own policy may let the trail's account ask.
    const own = await accessTo(trail);
    const { access } = await accessIn(reach, place.accountId, own.access);
    const Topic = await readTopic(access, arn);
    if (!isErrorMember(Topic) && Topic.KmsMasterKeyId) await keys.read(place, Topic.KmsMasterKeyId);
    return { Topic };
  };

  const previousKeys = async (trail: FoundTrail): Promise<OutputMembers> => {
    const { readPreviousKeys } = await import('../../aws/read/previousKeys.ts');
    const { access, closed } = await accessTo(trail);
    const members = await readPreviousKeys(access, trail, closed, changeEvents);
    const named = isErrorMember(members.PreviousKeys) ? [] : (members.PreviousKeys ?? []);
    await Promise.all(named.map((arn) => keys.describe(trail, arn)));
    return members;
  };

  return async (trail: FoundTrail): Promise<OutputMembers> => {
    const shown = asks('log-group') || asks('topic') ? await described(trail) : null;
    const isUnread = shown !== null && isErrorMember(shown);
    const { CloudWatchLogsLogGroupArn: groupArn, SnsTopicARN: topicArn } = isUnread ? {} : (shown ?? {});
    const read = await Promise.all([
      asks('log-group') && groupArn ? logGroup(trail, groupArn) : {},
      asks('topic') && topicArn ? topic(trail, topicArn) : {},
      asks('previous-keys') ? previousKeys(trail) : {},
    ]);
    const unread = isUnread
      ? { ...(asks('log-group') && { LogGroup: shown }), ...(asks('topic') && { Topic: shown }) }
      : {};
    return Object.assign(unread, ...read);
  };
}
