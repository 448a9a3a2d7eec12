import { parseKeyPolicy } from '../policy/parse.ts';
import { trailIdentity } from '../trail/arn.ts';
import { type ChangeEvent, isChangeName, KEY_CHOSEN } from '../trail/changes.ts';
import { type EventRecord, essentials, listOf, membersOf, parsedEvent, recordOf, textOf } from './eventRecord.ts';
import { keyReference, type ReferencePlace } from './keyReference.ts';
import type { EventMember } from './members.ts';

/** Changes of one trail or key that succeeded, as facts; an event that nobody can read costs itself alone. */
export const changeEvents = (events: readonly EventMember[], arn: string): readonly ChangeEvent[] =>
  events.flatMap((event) => changeEvent(event, arn) ?? []);

function changeEvent(event: EventMember, arn: string): ChangeEvent | null {
  const record = parsedEvent(event);
  if (record === null || !isChangeName(record.name) || record.error !== null) return null;
  const { id, at, name, members } = record;
  if (!concerns(members, arn) || !matters(name, membersOf(members.requestParameters))) return null;
  const { arn: by, invokedBy } = membersOf(members.userIdentity);
  const policy = name === 'PutKeyPolicy' ? membersOf(members.requestParameters).policy : undefined;
  return {
    id,
    at,
    name,
    by: textOf(by) ?? textOf(invokedBy),
    policy: policy === undefined || policy === null ? null : parseKeyPolicy(policy),
  };
}

/**
 * The keys that a trail was given, by their ARNs: the answer of the call tells it; what was asked for may be an alias, and where
 * that led then nobody recorded.
 */
export const keysGiven = (
  events: readonly EventMember[],
  trail: ReferencePlace & { readonly arn: string },
): readonly string[] =>
  events.flatMap((event) => {
    const record = parsedEvent(event);
    if (record === null || record.error !== null || !KEY_CHOSEN.some((name) => name === record.name)) return [];
    const { members } = record;
    if (!concerns(members, trail.arn)) return [];
    const { kmsKeyId: answered } = membersOf(members.responseElements);
    const { kmsKeyId: asked } = membersOf(members.requestParameters);
    return keyArn(textOf(answered) ?? textOf(asked), trail) ?? [];
  });

/** The ARN of the key that a trail names; `null`: it names none, or an alias. */
export function keyArn(reference: string | null, trail: ReferencePlace): string | null {
  const named = reference === null ? null : keyReference(reference, trail);
  return named === null || named.isAlias ? null : named.arn;
}

/** Whether an event is about this trail or key. */
export const isAbout = (event: EventMember, arn: string): boolean => {
  const record = recordOf(event.CloudTrailEvent);
  return record !== null && concerns(record, arn);
};

function concerns({ eventSource, requestParameters, resources }: EventRecord, arn: string): boolean {
  const { name, keyId } = membersOf(requestParameters);
  if (eventSource === 'cloudtrail.amazonaws.com') return name === arn || name === trailIdentity(arn)?.name;
  const id = arn.slice(arn.indexOf('/') + 1);
  return (
    eventSource === 'kms.amazonaws.com' &&
    (keyId === arn || keyId === id || listOf(resources).some((one) => membersOf(one).ARN === arn))
  );
}

/** What of UpdateTrail bears on the trail's key and the files that it encrypts. */
const PARAMETERS = ['kmsKeyId', 's3BucketName', 's3KeyPrefix', 'isOrganizationTrail', 'isMultiRegionTrail'] as const;

const READ = ['name', 'keyId', 'policy', 'kmsKeyId'] as const;

const matters = (name: string, parameters: Readonly<Record<string, unknown>>): boolean =>
  name !== 'UpdateTrail' || PARAMETERS.some((parameter) => parameters[parameter] !== undefined);

/** Whether the text of an event is that of a change. */
export const isChange = (text: string): boolean => isChangeName(textOf(recordOf(text)?.eventName) ?? '');

/** The text of an event with nothing but what is read of it. */
export function changeEssentialsOf(text: string): string {
  const record = recordOf(text) ?? {};
  const { arn, invokedBy } = membersOf(record.userIdentity);
  const parameters = membersOf(record.requestParameters);
  // Of the others it is enough that they were given.
  const isRead = (name: string): boolean => READ.some((one) => one === name);
  const kept = [...READ, ...PARAMETERS].flatMap((name) =>
    parameters[name] === undefined ? [] : [[name, isRead(name) ? parameters[name] : true]],
  );
  const { kmsKeyId } = membersOf(record.responseElements);
  return essentials(
    record,
    { arn, invokedBy },
    Object.fromEntries(kept),
    kmsKeyId === undefined ? undefined : { kmsKeyId },
  );
}
