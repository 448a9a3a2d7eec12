import { PLAIN } from './request.ts';

/** One position of a pattern: a character, a decimal digit, or a wildcard with the characters that it does not cross. */
export type Token =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'digit' }
  | { readonly kind: 'any' | 'star'; readonly stops: string };

/** A compiled pattern of a policy: literal text with `*` and `?` wildcards. */
export interface Pattern {
  /** As written, after policy variables were replaced. */
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly ignoresCase: boolean;
  /** The one string that matches; `null` when there are wildcards. */
  readonly literal: string | null;
  /** For ARN patterns: the tokens of the six segments, without the colons between them; otherwise `null`. */
  readonly segments: readonly (readonly Token[])[] | null;
  /** Some star does not cross some characters. */
  readonly isBounded: boolean;
}

/**
 * A piece of a pattern's source: text whose `*` and `?` are wildcards, or text that stands for itself (the value of a
 * policy variable, `${*}`).
 */
export interface Piece {
  readonly text: string;
  readonly wildcards: boolean;
}

const STAR: Token = { kind: 'star', stops: '' };
const ANY: Token = { kind: 'any', stops: '' };
/** What a constraint says with one character. */
const CLASSES: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['#', { kind: 'digit' }],
  [PLAIN, { kind: 'star', stops: '*?' }],
]);

/** Shared by all patterns, since policies are kept by the thousand. At most one for each UTF-16 unit. */
const characterTokens = new Map<string, Token>();

function characterToken(character: string): Token {
  const known = characterTokens.get(character);
  if (known !== undefined) return known;
  const token: Token = { kind: 'character', character };
  characterTokens.set(character, token);
  return token;
}

function tokensOf(pieces: readonly Piece[]): Token[] {
  const tokens: Token[] = [];
  for (const { text, wildcards } of pieces) {
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (!wildcards || (character !== '*' && character !== '?')) tokens.push(characterToken(character));
      else if (character === '?') tokens.push(ANY);
      // INVARIANT: no two stars in a row, so that backtracking stays cheap.
      else if (tokens.at(-1)?.kind !== 'star') tokens.push(STAR);
    }
  }
  return tokens;
}

const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

function patternOf(pieces: readonly Piece[], tokens: readonly Token[], ignoresCase: boolean): Pattern {
  const text = textOf(pieces);
  const literal = !ignoresCase && tokens.every((token) => token.kind === 'character') ? text : null;
  const isBounded = tokens.some((token) => token.kind === 'star' && token.stops !== '');
  return { text, tokens, ignoresCase, literal, segments: null, isBounded };
}

const isLiteral = ({ text, wildcards }: Piece): boolean => !wildcards || !/[*?]/.test(text);

/** A pattern without wildcards: most values of policies are such, and few are ever read letter by letter. */
function literalOf(text: string): Pattern {
  let tokens: readonly Token[] | null = null;
  return {
    text,
    get tokens() {
      tokens ??= tokensOf([{ text, wildcards: false }]);
      return tokens;
    },
    ignoresCase: false,
    literal: text,
    segments: null,
    isBounded: false,
  };
}

// Whole texts are folded, since one character may become two.
const fold = ({ text, wildcards }: Piece): Piece => ({ text: text.toLowerCase(), wildcards });

/** A pattern whose wildcards cross every character, as in StringLike, Action and Resource. */
export function compilePattern(pieces: readonly Piece[], ignoresCase = false): Pattern {
  if (!ignoresCase && pieces.every(isLiteral)) return literalOf(textOf(pieces));
  return patternOf(pieces, tokensOf(ignoresCase ? pieces.map(fold) : pieces), ignoresCase);
}

/** Colons that separate the six segments of an ARN. */
export const ARN_COLONS = 5;

/**
 * A pattern for ArnLike and ArnEquals, whose wildcards do not cross the first five colons (IAM JSON policy elements:
 * Condition operators, "Amazon Resource Name (ARN) condition operators"). `none` when fewer than six segments are left to
 * compare, so that no ARN matches; `null` for a lone wildcard, which no documentation takes apart into segments.
 */
export function compileArnPattern(pieces: readonly Piece[]): Pattern | 'none' | null {
  const text = textOf(pieces);
  if (pieces.every(isLiteral) && text.split(':').length > ARN_COLONS) return literalOf(text);
  const segments: Token[][] = [[]];
  const tokens = tokensOf(pieces).map((token): Token => {
    const last = segments.length > ARN_COLONS;
    if (!last && token.kind === 'character' && token.character === ':') {
      segments.push([]);
      return token;
    }
    const bounded = last || !isWildcard(token) ? token : { ...token, stops: ':' };
    segments.at(-1)?.push(bounded);
    return bounded;
  });
  if (segments.length > ARN_COLONS) return { ...patternOf(pieces, tokens, false), segments };
  return tokens.every((token) => token.kind !== 'character') ? null : 'none';
}

/**
 * A pattern of a constrained key: `*` and `?` stay within one segment between colons or slashes and stand for no literal
 * `*` or `?`, which no name of AWS holds; `#` is a digit and `**` any text. So a trail of one account never looks like a
 * trail of another with the rest in its name, and no Region is called `*`. `PLAIN` is any text without those.
 */
export function compileConstraint(text: string): Pattern {
  const pieces = text.split('**');
  const tokens = pieces.flatMap((piece, index): Token[] => {
    const own = tokensOf([{ text: piece, wildcards: true }]).map((token): Token => {
      if (isWildcard(token)) return { ...token, stops: ':/*?' };
      return token.kind === 'character' ? (CLASSES.get(token.character) ?? token) : token;
    });
    return index === 0 ? own : [STAR, ...own];
  });
  return patternOf([{ text, wildcards: true }], tokens, false);
}

type Wildcard = Extract<Token, { stops: string }>;

export const isWildcard = (token: Token): token is Wildcard => token.kind === 'any' || token.kind === 'star';

export const literalPattern = (text: string, ignoresCase = false): Pattern =>
  ignoresCase ? compilePattern([{ text, wildcards: false }], true) : literalOf(text);

export const wildcardPattern = (text: string, ignoresCase = false): Pattern =>
  compilePattern([{ text, wildcards: true }], ignoresCase);
