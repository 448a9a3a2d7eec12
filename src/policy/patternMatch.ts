import { ARN_COLONS, isWildcard, type Pattern, type Token } from './pattern.ts';

/** The decimal digits. */
export const DIGITS = '0123456789';

/** Whether one token accepts one character; a star accepts as one of its repetitions. */
export function accepts(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character;
  return token.kind === 'digit' ? DIGITS.includes(character) : !token.stops.includes(character);
}

/** Whether the whole value matches. Time is at most the product of both lengths. */
export function matches(pattern: Pattern, value: string): boolean {
  if (pattern.literal !== null) return pattern.literal === value;
  const text = pattern.ignoresCase ? value.toLowerCase() : value;
  if (pattern.segments !== null) return matchesSegments(pattern.segments, text);
  return pattern.isBounded ? matchesBounded(pattern.tokens, text) : matchesTokens(pattern.tokens, text);
}

/** Some stars do not cross some characters, so all positions are followed at once. */
function matchesBounded(tokens: readonly Token[], text: string): boolean {
  let states = enter(tokens, [], 0);
  for (const character of text) {
    const next: number[] = [];
    for (const state of states) {
      const token = tokens[state];
      if (token !== undefined && accepts(token, character))
        enter(tokens, next, token.kind === 'star' ? state : state + 1);
    }
    if (next.length === 0) return false;
    states = next;
  }
  return states.at(-1) === tokens.length;
}

function matchesSegments(segments: readonly (readonly Token[])[], text: string): boolean {
  let start = 0;
  for (let segment = 0; segment < ARN_COLONS; segment += 1) {
    const end = text.indexOf(':', start);
    if (end < 0 || !matchesTokens(segments[segment] ?? [], text.slice(start, end))) return false;
    start = end + 1;
  }
  return matchesTokens(segments[ARN_COLONS] ?? [], text.slice(start));
}

/** No star in the text meets a character that it does not cross, so only the last star ever needs to be taken back. */
function matchesTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      if (token === tokens.length - 1) return true;
      star = token;
      starAt = at;
      token += 1;
    } else if (current !== undefined && accepts(current, text.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      starAt += 1;
      at = starAt;
    } else return false;
  }
  while (tokens[token]?.kind === 'star') token += 1;
  return token === tokens.length;
}

/**
 * Whether everything that `narrow` matches is matched by `wide` too. Sound, not complete: `false` proves nothing.
 * Wildcards of `narrow` count as characters that only wildcards of `wide` accept.
 */
export function covers(wide: Pattern, narrow: Pattern): boolean {
  if (wide.ignoresCase !== narrow.ignoresCase) return false;
  let states = enter(wide.tokens, [], 0);
  for (const token of narrow.tokens) {
    const next: number[] = [];
    for (const state of states) {
      const own = wide.tokens[state];
      if (own !== undefined && acceptsToken(own, token))
        enter(wide.tokens, next, own.kind === 'star' ? state : state + 1);
    }
    if (next.length === 0) return false;
    states = next;
  }
  return states.at(-1) === wide.tokens.length;
}

function acceptsToken(own: Token, token: Token): boolean {
  if (token.kind === 'character') return accepts(own, token.character);
  if (token.kind === 'digit') return [...DIGITS].every((digit) => accepts(own, digit));
  if (!isWildcard(own) || (own.kind === 'any' && token.kind === 'star')) return false;
  return [...own.stops].every((stop) => token.stops.includes(stop));
}

/**
 * Adds a position, and those behind the stars that stand there.
 *
 * INVARIANT: positions are entered in ascending order, so what is not behind the last one is there already.
 */
function enter(tokens: readonly Token[], states: number[], from: number): readonly number[] {
  let state = from;
  while (true) {
    if (state > (states.at(-1) ?? -1)) states.push(state);
    if (tokens[state]?.kind !== 'star') return states;
    state += 1;
  }
}
