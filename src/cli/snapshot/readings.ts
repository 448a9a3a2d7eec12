import { DENIED_CODES } from '../../aws/errors.ts';
import { type Reading, read, type Unread, unread } from '../../trail/facts.ts';
import { type ErrorMember, isErrorMember } from './members.ts';

/** A member as a reading: `what` names it, `permission` the call that fills it. */
export function readingOf<T, U>(
  member: T | ErrorMember | null,
  what: string,
  permission: string,
  convert: (value: T) => U,
): Reading<U> {
  if (member === null) return unread('not-told', `the snapshot does not hold ${what}`);
  if (isErrorMember(member)) return unreadError(member.Error, permission);
  return read(convert(member));
}

/** Why a member could not be read: the call that failed, and the error that AWS answered with. */
export function unreadError(error: ErrorMember['Error'], permission: string): Unread {
  const code = error.Code === null ? 'an error' : `\`${error.Code}\``;
  const kind = isError(error, ...DENIED_CODES) ? 'denied' : 'failed';
  return unread(kind, `${permission} failed with ${code}${error.Message === null ? '' : `: ${error.Message}`}`);
}

/** True where the error says definitely that the thing does not exist; tolerates a namespace before the code. */
export function isError(error: ErrorMember['Error'], ...codes: readonly string[]): boolean {
  const code = error.Code?.replace(/^.*[#:]/, '') ?? '';
  return codes.includes(code);
}

/** Indexes a list by a name that must be unique; an exact repetition is dropped. */
export function indexBy<T, U>(
  entries: readonly T[],
  nameOf: (entry: T, index: number) => string,
  convert: (entry: T, index: number) => U,
  onConflict: (name: string, index: number) => never,
): ReadonlyMap<string, U> {
  const seen = new Map<string, T>();
  const converted = new Map<string, U>();
  entries.forEach((entry, index) => {
    const name = nameOf(entry, index);
    const earlier = seen.get(name);
    if (earlier === undefined) {
      seen.set(name, entry);
      converted.set(name, convert(entry, index));
    } else if (JSON.stringify(earlier) !== JSON.stringify(entry)) {
      onConflict(name, index);
    }
  });
  return converted;
}
