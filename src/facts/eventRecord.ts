import type { EventMember } from './members.ts';

/** An event as CloudTrail writes it, of which no member is certain. */
export type EventRecord = Readonly<Record<string, unknown>>;

/** What every event tells. */
interface ParsedEvent {
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  /** `null`: the call succeeded. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly members: EventRecord;
}

/** `null` where nobody can read it. */
export function parsedEvent({ EventId, EventName, EventTime, CloudTrailEvent }: EventMember): ParsedEvent | null {
  const members = recordOf(CloudTrailEvent);
  const id = EventId || textOf(members?.eventID);
  const name = EventName || textOf(members?.eventName);
  const at = EventTime ?? new Date(textOf(members?.eventTime) ?? Number.NaN);
  if (members === null || id === null || name === null || Number.isNaN(at.getTime())) return null;
  const code = textOf(members.errorCode);
  return {
    id,
    at,
    name,
    error: code === null ? null : { code, message: textOf(members.errorMessage) ?? '' },
    members,
  };
}

export function recordOf(text: string | null | undefined): EventRecord | null {
  try {
    const record: unknown = JSON.parse(text ?? '');
    return typeof record === 'object' && record !== null ? (record as EventRecord) : null;
  } catch {
    return null;
  }
}

export const membersOf = (value: unknown): EventRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as EventRecord) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const textsOf = (members: EventRecord): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** The text of an event with what every reader takes of it, and so much of who called and of the parameters as one reads: most of the rest tells of people. */
export function essentials(
  record: EventRecord,
  userIdentity: EventRecord,
  requestParameters: EventRecord,
  responseElements?: EventRecord,
): string {
  const { eventSource, eventID, eventName, eventTime, errorCode } = record;
  const resources = listOf(record.resources).map((one) => ({ ARN: membersOf(one).ARN }));
  return JSON.stringify({
    eventSource,
    eventID,
    eventName,
    eventTime,
    errorCode,
    userIdentity,
    requestParameters,
    responseElements,
    resources,
  });
}
