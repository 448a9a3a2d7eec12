import type { KeyEvent } from '../trail/keyUse.ts';
import { essentials, listOf, membersOf, parsedEvent, recordOf, textOf, textsOf } from './eventRecord.ts';
import type { EventMember } from './members.ts';

/** Events of KMS as facts; one that nobody can read costs itself alone. */
export const keyEvents = (events: readonly EventMember[]): readonly KeyEvent[] =>
  events.flatMap((event) => keyEvent(event) ?? []);

function keyEvent(event: EventMember): KeyEvent | null {
  const record = parsedEvent(event);
  if (record === null || record.members.eventSource !== 'kms.amazonaws.com') return null;
  const { members, ...common } = record;
  return {
    ...common,
    invokedBy: textOf(membersOf(members.userIdentity).invokedBy),
    keyArns: listOf(members.resources).flatMap((one) => textOf(membersOf(one).ARN) ?? []),
    encryptionContext: textsOf(membersOf(membersOf(members.requestParameters).encryptionContext)),
  };
}

/** The text of an event with nothing but what is read of it. */
export function essentialsOf(text: string): string {
  const record = recordOf(text) ?? {};
  const { invokedBy } = membersOf(record.userIdentity);
  const { encryptionContext } = membersOf(record.requestParameters);
  return essentials(record, { invokedBy }, { encryptionContext });
}
