import { wildcardPattern } from '../policy/pattern.ts';
import { matches } from '../policy/patternMatch.ts';

/** Digits and wildcards that stand where an account id stands: alone, or between the colons of an ARN. */
const PART = /(?<=^|:)(?=[\d?*]*\d)(?=[\d?*]*[?*])[\d?*]+(?=[:/]|$)/g;
const ACCOUNT_ID = /^\d{12}$/;
const DIGITS = [...'9876543210'];

/** The patterns in a text that match some account ids and not all, such as `1*`. */
export const accountPatternsIn = (text: string): readonly string[] => text.match(PART) ?? [];

/** Account ids that a pattern matches. */
export const accountsMatching = (pattern: string): readonly string[] =>
  DIGITS.map((digit) => filled(pattern, digit)).filter((id) => ACCOUNT_ID.test(id));

/** Account ids that none of some patterns matches. */
export function accountsOutside(patterns: readonly string[]): readonly string[] {
  const compiled = patterns.map((pattern) => wildcardPattern(pattern));
  return DIGITS.map((digit) => digit.repeat(12)).filter((id) => !compiled.some((pattern) => matches(pattern, id)));
}

/** The pattern with one digit for its wildcards, as many as an account id needs in place of the first `*`. */
function filled(pattern: string, digit: string): string {
  const digits = pattern.replaceAll('?', digit);
  const star = digits.indexOf('*');
  if (star < 0) return digits;
  const rest = digits.slice(star).replaceAll('*', '');
  return digits.slice(0, star).padEnd(12 - rest.length, digit) + rest;
}
