import type { Event } from '@aws-sdk/client-cloudtrail';
import { membersOf, recordOf } from '../../facts/eventRecord.ts';
import { essentialsOf } from '../../facts/keyEvents.ts';
import type { EventMember, Member } from '../../facts/members.ts';
import { CLOUDTRAIL } from '../../trail/cloudTrail.ts';
import { tellsOfEncryption } from '../../trail/keyEventEvidence.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import type { LookUp } from './lookUp.ts';

/** CloudTrail's own calls of a key, and the changes between them: the latest, or those of a time. */
export async function readServiceEvents(
  lookUp: LookUp,
  access: Access,
  key: { readonly arn: string; readonly region: string },
  between?: readonly [from: Date, to: Date],
): Promise<Member<readonly EventMember[]>> {
  const call = callOf('CloudTrail', 'LookupEvents', key.arn, key.region);
  const question = { attribute: 'ResourceName', value: key.arn, keep: memberOf } as const;
  return (await lookUp(access, call, between === undefined ? question : { ...question, between })).events;
}

/** With a person's credentials CloudTrail calls KMS too: such a call is theirs. */
function memberOf({ EventId, EventName, EventTime, CloudTrailEvent }: Event): readonly EventMember[] {
  const { type, invokedBy } = membersOf(recordOf(CloudTrailEvent)?.userIdentity);
  const isOfService = type === 'AWSService' && invokedBy === CLOUDTRAIL;
  const isChange = EventName !== 'GenerateDataKey' && tellsOfEncryption(EventName ?? '');
  if (!isOfService && !isChange) return [];
  return [{ EventId, EventName, EventTime, CloudTrailEvent: essentialsOf(CloudTrailEvent ?? '') }];
}
