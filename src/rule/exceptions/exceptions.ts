import * as v from 'valibot';
import { type Pattern, wildcardPattern } from '../../policy/pattern.ts';
import { matches } from '../../policy/patternMatch.ts';
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
  /** What `trailArn` or `address` covers. */
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

/** What every exception says, whatever it is for. */
const terms = {
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
};

const trailArn = v.pipe(
  text,
  v.regex(/^(\*|arn:[a-z*-]+:cloudtrail:[a-z0-9*-]+:[\d*]{1,12}:trail\/[\w.*-]+)$/, TRAIL_ARN),
);

/** Unknown members are refused: a misspelt `checks` would except more than its author meant. */
const documentSchema = v.strictObject(
  {
    version: v.literal(1, '`1`'),
    exceptions: v.array(
      v.strictObject({ trailArn: v.optional(trailArn), address: v.optional(text), ...terms }, 'a JSON object'),
      'a list',
    ),
  },
  'a JSON object',
);

/** A resource carries exceptions for itself. */
const resourceSchema = v.strictObject(
  { exceptions: v.array(v.strictObject(terms, 'a JSON object'), 'a list') },
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
  return exceptions.map((entry, index) => {
    const member = `exceptions[${index}]`;
    const covered = entry.trailArn ?? entry.address;
    if (covered === undefined) throw invalid(`${member}.trailArn`, 'is missing');
    if (entry.trailArn !== undefined && entry.address !== undefined)
      throw invalid(`${member}.address`, 'stands beside `trailArn`, accepted is one of the two');
    return compiled(entry, covered, member, now);
  });
}

/**
 * Reads the exceptions that a resource of a file carries for itself.
 *
 * @param value an object with `exceptions`, whose entries say neither `trailArn` nor `address`
 * @param address what the file calls the resource
 * @param root where the value stands
 * @throws InvalidExceptionsError naming the entry and the member
 */
export function parseResourceExceptions(value: unknown, address: string, root: string, now: Date): Exceptions {
  const { exceptions } = parseWith(resourceSchema, value, root, invalid);
  return exceptions.map((entry, index) =>
    compiled({ ...entry, address }, address, `${root}.exceptions[${index}]`, now),
  );
}

type Entry = Omit<Exception, 'checks'> & { readonly checks?: readonly CheckId[] | undefined };

function compiled(entry: Entry, covered: string, member: string, now: Date): CompiledException {
  const today = Math.floor(now.getTime() / DAY) * DAY;
  const end = endOf(entry.expires) ?? 0;
  if (end - DAY - today > LONGEST_EXCEPTION_DAYS * DAY)
    throw invalid(
      `${member}.expires`,
      `is ${quote(entry.expires)}, accepted is a date at most ${LONGEST_EXCEPTION_DAYS} days ahead`,
    );
  return { exception: { ...entry, checks: entry.checks ?? null }, pattern: wildcardPattern(covered), end };
}

/** The first moment after a day, UTC; `null` where there is no such day. */
function endOf(date: string): number | null {
  const start = Date.parse(`${date}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(start);
  return real && new Date(start).toISOString().startsWith(date) ? start + DAY : null;
}

/**
 * The exceptions for one trail or event data store, whether in force or over; those for what stands in a file are for nothing that is
 * deployed.
 */
export function exceptionsFor(arn: string, exceptions: Exceptions): Exceptions {
  return exceptions.filter(({ exception, pattern }) => isForDeployed(exception) && matches(pattern, arn));
}

const isForDeployed = ({ trailArn, address = '' }: Exception): boolean =>
  trailArn !== undefined || /^arn:.*:eventdatastore\//.test(address);

/** What has become of an exception. */
export type ExceptionState = 'in-force' | 'expired' | 'unmatched';

/** @param isMatched whether it is for any trail or key that was evaluated */
export const stateOf = (entry: CompiledException, isMatched: boolean, at: Date): ExceptionState =>
  isInForce(entry, at) ? (isMatched ? 'in-force' : 'unmatched') : 'expired';
