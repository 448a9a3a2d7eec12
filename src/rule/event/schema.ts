import * as v from 'valibot';
import { findDuplicateMember } from '../../policy/duplicateMembers.ts';
import { parseJsonText, TOO_DEEP, TooDeepError } from '../jsonText.ts';
import { quote } from '../quote.ts';

/** Makes the error of one kind of input from the member and a sentence part such as "is missing". */
export type InputError = (member: string, problem: string) => Error;

/**
 * Checks a value against a schema; throws what `error` makes of the first thing that is wrong.
 *
 * Messages of schemas say what is accepted: "a non-empty string".
 */
export function parseWith<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  root: string,
  error: InputError,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const member = memberPath(root, issue.path ?? []);
  if (issue.input === undefined) throw error(member, 'is missing');
  if (issue.expected === 'never') throw error(member, 'is not a member of this document');
  throw error(member, `is ${quote(issue.input)}, accepted is ${issue.message}`);
}

/** Parses JSON text; throws what `error` makes of it. */
export function parseJson(text: string, member: string, error: InputError): unknown {
  try {
    return parseJsonText(text);
  } catch (cause) {
    throw error(member, cause instanceof TooDeepError ? TOO_DEEP : `is not JSON: ${quote(text)}`);
  }
}

/** Parses JSON text that a person wrote: a member given twice, of which JSON.parse keeps one, is refused as well. */
export function parseWrittenJson(text: string, member: string, error: InputError): unknown {
  const value = parseJson(text, member, error);
  const twice = findDuplicateMember(text);
  if (twice !== null) throw error(member, `holds ${quote(twice)} twice`);
  return value;
}

function memberPath(root: string, path: readonly { readonly key?: unknown }[]): string {
  const steps = path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return `${root}${steps.join('')}`.replace(/^\./, '');
}

export const text = v.pipe(v.string('a non-empty string'), v.nonEmpty('a non-empty string'));

/** Missing, null and the empty string are all "not there": fixtures and emulators write each of them. */
export const optionalText = v.pipe(
  v.nullish(v.string('a string'), null),
  v.transform((value) => (value === '' ? null : value)),
);

export const flag = v.nullish(v.boolean('true or false'), null);

export const accountId = v.pipe(v.string('twelve digits'), v.regex(/^\d{12}$/, 'twelve digits'));

/** ISO 8601 text, epoch seconds (AWS CLI) or a Date (AWS SDK). */
export const timestamp = v.pipe(
  v.union([v.string(), v.number(), v.date()], 'an ISO 8601 time or epoch seconds'),
  v.check((value) => !Number.isNaN(toDate(value).getTime()), 'an ISO 8601 time or epoch seconds'),
  v.transform(toDate),
);

export const optionalTimestamp = v.nullish(
  v.union(
    [
      v.pipe(
        v.literal(''),
        v.transform(() => null),
      ),
      timestamp,
    ],
    'an ISO 8601 time or epoch seconds',
  ),
  null,
);

function toDate(value: string | number | Date): Date {
  if (value instanceof Date) return value;
  if (typeof value === 'number') return new Date(value * 1000);
  return new Date(/^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? value : Number.NaN);
}
