/** Lists and objects inside one another: many more than any document needs, and few enough to walk through each. */
const MOST_LEVELS = 1_100;

/** What is wrong with a document that is nested deeper, as a sentence part. */
export const TOO_DEEP = `is nested too deeply, accepted are at most ${MOST_LEVELS} levels`;

/** A document is nested too deeply. Also what the language throws where something recurses into one. */
export class TooDeepError extends RangeError {
  override readonly name = 'TooDeepError';

  constructor() {
    super(`it ${TOO_DEEP}`);
  }
}

/**
 * Parses JSON text from outside: the one place that says how deep it may go, so that whatever walks through it may recurse.
 *
 * @throws SyntaxError where it is no JSON; TooDeepError
 */
export function parseJsonText(text: string): unknown {
  return refuseTooDeep(JSON.parse(text));
}

/** The value itself. @throws TooDeepError */
export function refuseTooDeep<T>(value: T): T {
  if (isDeeper(value, MOST_LEVELS)) throw new TooDeepError();
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (isDeeper(member, levels - 1)) return true;
  return false;
}
