import { contains, type IpBlock, parseIp, parseIpBlock } from './ip.ts';
import type { Comparison, Operator } from './operator.ts';
import { compileArnPattern, compilePattern, literalPattern, type Pattern, type Piece } from './pattern.ts';
import { matches } from './patternMatch.ts';

/** One value of a condition, ready to be compared with a value of a request. */
export type Matcher =
  | { readonly kind: 'text'; readonly pattern: Pattern }
  | { readonly kind: 'number' | 'date'; readonly comparison: Comparison; readonly bound: number }
  | { readonly kind: 'bool'; readonly value: string }
  | { readonly kind: 'ip'; readonly block: IpBlock };

/** Compiles a policy value for an operator; `none` where nothing matches it, `null` where it is no value that AWS documents. */
export function compileMatcher(operator: Operator, pieces: readonly Piece[]): Matcher | 'none' | null {
  const text = pieces.map((piece) => piece.text).join('');
  switch (operator.family) {
    case 'text': {
      const { wildcards, ignoresCase } = operator;
      return { kind: 'text', pattern: wildcards ? compilePattern(pieces) : literalPattern(text, ignoresCase) };
    }
    case 'arn': {
      const pattern = compileArnPattern(pieces);
      return pattern === null || pattern === 'none' ? pattern : { kind: 'text', pattern };
    }
    case 'number':
    case 'date': {
      const bound = operator.family === 'number' ? parseNumber(text) : parseDate(text);
      return bound === null ? null : { kind: operator.family, comparison: operator.comparison, bound };
    }
    case 'bool':
    case 'null':
      return isBoolean(text) ? { kind: 'bool', value: text } : null;
    case 'ip': {
      const block = parseIpBlock(text);
      return block === null ? null : { kind: 'ip', block };
    }
    default:
      return operator.family satisfies never;
  }
}

/** Remembers the last answer, since one value of a request meets many of a policy. */
function lastOf<T>(parse: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly parsed: T } | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, parsed: parse(text) };
    return last.parsed;
  };
}

const numberOf = lastOf((text) => parseNumber(text));
const dateOf = lastOf((text) => parseDate(text));
const addressOf = lastOf((text) => parseIp(text));

/** Whether a request's value matches; `undefined` where it is no value of the operator's kind. */
export function test(matcher: Matcher, value: string): boolean | undefined {
  switch (matcher.kind) {
    case 'text':
      return matches(matcher.pattern, value);
    case 'number':
    case 'date': {
      const parsed = matcher.kind === 'number' ? numberOf(value) : dateOf(value);
      return parsed === null ? undefined : compare(matcher.comparison, parsed, matcher.bound);
    }
    case 'bool':
      return isBoolean(value) ? matcher.value === value : undefined;
    case 'ip':
      return contains(matcher.block, addressOf(value));
    default:
      return matcher satisfies never;
  }
}

const isBoolean = (text: string): boolean => text === 'true' || text === 'false';

function compare(comparison: Comparison, value: number, bound: number): boolean {
  switch (comparison) {
    case 'equals':
      return value === bound;
    case 'less':
      return value < bound;
    case 'lessOrEqual':
      return value <= bound;
    case 'greater':
      return value > bound;
    case 'greaterOrEqual':
      return value >= bound;
    default:
      return comparison satisfies never;
  }
}

/** `null` for anything but a decimal number that is not too large to compare. */
function parseNumber(text: string): number | null {
  const number = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

const ISO_DATE = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/;

/** Milliseconds since 1970 of an ISO 8601 date (UTC where it names no zone) or of epoch seconds; `null` for anything else. */
function parseDate(text: string): number | null {
  if (/^\d{5,12}$/.test(text)) return Number(text) * 1000;
  if (!ISO_DATE.test(text)) return null;
  const zoned = !text.includes('T') || /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(11)) ? text : `${text}Z`;
  const milliseconds = Date.parse(
    zoned.replace(/([+-]\d\d)(\d\d)$/, (all, hours, minutes) => (text.includes('T') ? `${hours}:${minutes}` : all)),
  );
  return Number.isNaN(milliseconds) || !isCalendarDay(text) ? null : milliseconds;
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 10);
  return day.length < 10 || new Date(day).toISOString().startsWith(day);
}
