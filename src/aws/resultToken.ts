/** awslabs' rule kits invoke rules with this token to try them out; AWS Config takes it in test mode only. */
const TEST_TOKEN = 'TESTMODE';

/** Whether somebody tries the rule out: nothing is to be kept of it anywhere. */
export const isTrial = (resultToken: string): boolean => resultToken === TEST_TOKEN;

/** AWS may quote a token in part: as many of its first characters tell it. */
const TELLING = 16;
/** Shorter ones are words that a message may hold without meaning them; AWS's have 2,600 characters. */
const SHORTEST = 9;
const HIDDEN = '<result token>';

/**
 * The error without the result token, whose holder can report on the rule: AWS quotes it where it refuses it, and errors
 * are logged.
 */
export function withoutResultToken(error: unknown, token: string): unknown {
  if (!(error instanceof Error) || token.length < SHORTEST) return error;
  const start = token.slice(0, TELLING).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const quoted = new RegExp(`${start}[\\w+/=.-]*`, 'g');
  const hide = (text: string): string => text.replaceAll(token, HIDDEN).replace(quoted, HIDDEN);
  const members = error as unknown as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(error)) {
    const value = members[name];
    if (typeof value === 'string' && hide(value) !== value)
      Object.defineProperty(error, name, { value: hide(value), writable: true, configurable: true });
  }
  return error;
}
