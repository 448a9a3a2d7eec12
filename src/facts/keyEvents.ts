import type { KeyEvent } from '../trail/facts.ts';
import type { EventMember } from './members.ts';

/** Events of KMS as facts; one that nobody can read costs itself alone. */
export const keyEvents = (events: readonly EventMember[]): readonly KeyEvent[] =>
  events.flatMap((event) => keyEvent(event) ?? []);

function keyEvent({ EventId, EventName, EventTime, CloudTrailEvent }: EventMember): KeyEvent | null {
  const record = parsed(CloudTrailEvent ?? '');
  const id = EventId || textOf(record?.eventID);
  const name = EventName || textOf(record?.eventName);
  const at = EventTime ?? new Date(textOf(record?.eventTime) ?? Number.NaN);
  if (record === null || id === null || name === null || Number.isNaN(at.getTime())) return null;
  if (record.eventSource !== 'kms.amazonaws.com') return null;
  const code = textOf(record.errorCode);
  return {
    id,
    at,
    name,
    invokedBy: textOf(membersOf(record.userIdentity).invokedBy),
    keyArns: listOf(record.resources).flatMap((one) => textOf(membersOf(one).ARN) ?? []),
    encryptionContext: textsOf(membersOf(membersOf(record.requestParameters).encryptionContext)),
    error: code === null ? null : { code, message: textOf(record.errorMessage) ?? '' },
  };
}

/** The text of an event with nothing but what is read of it: most of the rest tells of people. */
export function essentialsOf(text: string): string {
  const { eventSource, eventID, eventName, eventTime, errorCode, ...record } = parsed(text) ?? {};
  return JSON.stringify({
    eventSource,
    eventID,
    eventName,
    eventTime,
    errorCode,
    userIdentity: { invokedBy: membersOf(record.userIdentity).invokedBy },
    requestParameters: { encryptionContext: membersOf(record.requestParameters).encryptionContext },
    resources: listOf(record.resources).map((one) => ({ ARN: membersOf(one).ARN })),
  });
}

type Members = Readonly<Record<string, unknown>>;

function parsed(text: string): Members | null {
  try {
    const record: unknown = JSON.parse(text);
    return typeof record === 'object' && record !== null ? (record as Members) : null;
  } catch {
    return null;
  }
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const textsOf = (members: Members): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
