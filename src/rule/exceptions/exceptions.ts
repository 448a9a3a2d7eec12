import * as v from 'valibot';
import { matches, type Pattern, wildcardPattern } from '../../policy/pattern.ts';
import { type CheckId, isCheckId } from '../../trail/checks/index.ts';
import { InvalidExceptionsError } from '../errors.ts';
import { type InputError, optionalText, parseWith, parseWrittenJson, text } from '../event/schema.ts';
import { quote } from '../quote.ts';
import type { Exception } from './exception.ts';

/** An exception may end at most this many days after today. */
const LONGEST_EXCEPTION_DAYS = 366;

const DAY = 24 * 60 * 60 * 1000;

/** A parsed exceptions document. */
export type Exceptions = readonly CompiledException[];

export interface CompiledException {
  readonly exception: Exception;
  readonly pattern: Pattern;
  /** The first moment at which the exception is over, in milliseconds since 1970. */
  readonly end: number;
}

export const NO_EXCEPTIONS: Exceptions = [];

/** An exceptions document as it is kept: JSON text under a name that tells people where. */
export interface ExceptionsDocument {
  readonly name: string;
  readonly text: string;
}

/**
 * The exceptions of several documents together.
 *
 * @param now for the longest term
 * @throws InvalidExceptionsError naming the document, the entry and the member: one that does not parse spoils them all
 */
export function mergeExceptions(documents: readonly ExceptionsDocument[], now: Date): Exceptions {
  return documents.flatMap(({ name, text }) => {
    try {
      return parseExceptions(text, now);
    } catch (error) {
      if (!(error instanceof InvalidExceptionsError)) throw error;
      throw new InvalidExceptionsError(name, `is not accepted: ${error.message}`, { cause: error });
    }
  });
}

/** Whether an exception is still in force at a moment. */
export const isInForce = ({ end }: CompiledException, at: Date): boolean => at.getTime() < end;

const TRAIL_ARN = 'the ARN of a trail, in which `*` stands for any characters';

/** Text that says something: spaces alone name no owner. */
const sentence = v.pipe(v.string('a non-empty string'), v.trim(), v.nonEmpty('a non-empty string'));

/** Unknown members are refused: a misspelt `checks` would except more than its author meant. */
const documentSchema = v.strictObject(
  {
    version: v.literal(1, '`1`'),
    exceptions: v.array(
      v.strictObject(
        {
          trailArn: v.pipe(
            text,
            v.regex(/^(\*|arn:[a-z*-]+:cloudtrail:[a-z0-9*-]+:[\d*]{1,12}:trail\/[\w.*-]+)$/, TRAIL_ARN),
          ),
          checks: v.optional(
            v.pipe(
              v.array(
                v.custom<CheckId>((id) => typeof id === 'string' && isCheckId(id), 'the id of a check'),
                'a list of check ids',
              ),
              v.minLength(1, 'a list of check ids with at least one entry'),
            ),
          ),
          owner: sentence,
          reason: sentence,
          ticket: optionalText,
          expires: v.pipe(
            v.string('a date, `YYYY-MM-DD`'),
            v.check((date) => endOf(date) !== null, 'a date, `YYYY-MM-DD`'),
          ),
        },
        'a JSON object',
      ),
      'a list',
    ),
  },
  'a JSON object',
);

const invalid: InputError = (member, problem) => new InvalidExceptionsError(member, problem);

/**
 * Reads an exceptions document.
 *
 * @param document its JSON text
 * @param now for the longest term
 * @throws InvalidExceptionsError naming the entry and the member
 */
export function parseExceptions(document: string, now: Date): Exceptions {
  const json = parseWrittenJson(document, 'exceptions document', invalid);
  const { exceptions } = parseWith(documentSchema, json, '', (member, problem) =>
    invalid(member === '' ? 'exceptions document' : member, problem),
  );
  const today = Math.floor(now.getTime() / DAY) * DAY;
  return exceptions.map((entry, index) => {
    const end = endOf(entry.expires) ?? 0;
    if (end - DAY - today > LONGEST_EXCEPTION_DAYS * DAY)
      throw invalid(
        `exceptions[${index}].expires`,
        `is ${quote(entry.expires)}, accepted is a date at most ${LONGEST_EXCEPTION_DAYS} days ahead`,
      );
    const exception = { ...entry, checks: entry.checks ?? null };
    return { exception, pattern: wildcardPattern(entry.trailArn), end };
  });
}

/** The first moment after a day, UTC; `null` where there is no such day. */
function endOf(date: string): number | null {
  const start = Date.parse(`${date}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(start);
  return real && new Date(start).toISOString().startsWith(date) ? start + DAY : null;
}

/** The exceptions for one trail, whether in force or over. */
export function exceptionsFor(trailArn: string, exceptions: Exceptions): Exceptions {
  return exceptions.filter(({ pattern }) => matches(pattern, trailArn));
}
