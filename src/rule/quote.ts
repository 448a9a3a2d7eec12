/** Longest echo of a user's value in an error message, in characters. */
const ECHO_LENGTH = 120;

/** A user's value for an error message: on one line, in backticks, never long. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : inJson(value);
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return `\`${line.length > ECHO_LENGTH ? `${line.slice(0, ECHO_LENGTH)}…` : line}\``;
}

function inJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than the stack goes.
    return Array.isArray(value) ? '[…]' : '{…}';
  }
}

/** `a`, `b` and `c`. */
export function quoteAll(values: readonly string[]): string {
  const quoted = values.map((value) => quote(value));
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}
