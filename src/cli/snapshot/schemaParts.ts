import * as v from 'valibot';
import { isErrorMember } from '../../facts/members.ts';

/** Null, an empty string and a missing member all say that the value is not known. */
export function maybe<const S extends v.GenericSchema>(schema: S) {
  const nothing = v.pipe(
    v.unknown(),
    v.transform(() => null),
  );
  return v.nullish(
    v.lazy((input) => (input === '' ? nothing : schema)),
    null,
  );
}

/** A member that may be left out, and that may hold an error in its place. */
export function reading<const S extends v.GenericSchema>(schema: S) {
  return maybe(v.lazy((input) => (isErrorMember(input) ? errorMember : schema)));
}

export const text = v.string('must be a string');
export const flag = v.boolean('must be true or false');
export const listOf = <const S extends v.GenericSchema>(schema: S) => v.array(schema, 'must be a list');
export const required = v.pipe(text, v.nonEmpty('must not be empty'));

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;
/** The last second of the year 9999: a larger number is milliseconds taken for seconds. */
const LAST_SECOND = 253_402_300_799;
const NO_TIME = 'must be an ISO 8601 time or epoch seconds';

/** ISO 8601 (UTC where it names no offset) or epoch seconds. */
export const time = v.pipe(
  v.union([v.string(), v.number()], NO_TIME),
  v.check((value) => toDate(value) !== null, NO_TIME),
  v.transform(toDate),
);

function toDate(value: string | number): Date | null {
  return typeof value === 'number' ? fromSeconds(value) : fromText(value);
}

function fromSeconds(seconds: number): Date | null {
  return seconds >= 0 && seconds <= LAST_SECOND ? new Date(seconds * 1000) : null;
}

function fromText(value: string): Date | null {
  if (!ISO_8601.test(value)) return null;
  const dateOnly = value.length === 10;
  const zoned = dateOnly || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value);
  const date = new Date(zoned ? value.replace(' ', 'T') : `${value.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** An object with these members, and any others; a list is none. */
export function objectOf<const E extends v.ObjectEntries>(entries: E, message = 'must be an object') {
  const isObject = (input: unknown) => typeof input === 'object' && input !== null && !Array.isArray(input);
  return v.pipe(v.unknown(), v.check(isObject, message), v.object(entries));
}

/** The error that stands in the place of a member. */
export const errorCause = objectOf(
  {
    Code: maybe(text),
    Message: maybe(text),
    Request: maybe(objectOf({ Principal: text, AccountId: text, Action: text, Resource: text })),
  },
  'must be an object with Code and Message',
);

export const errorMember = objectOf({ Error: errorCause });
