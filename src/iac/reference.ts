import type { SettledBy } from '../trail/remedy/steps.ts';

/**
 * A value that a template or a plan does not settle.
 *
 * In texts it stands as a *token*, so that a text made of several parts keeps what is known of it. Two tokens of one
 * reference are equal; a token is never equal to a literal: whether it could be is what `unresolved/` finds out.
 */
export interface Reference {
  readonly id: string;
  /** As messages show it: `AWS::AccountId`, `KeyArn`, `aws_kms_key.trail.arn`. */
  readonly name: string;
  readonly kind: ReferenceKind;
  /** The only values that it can have; `null` where any is possible. */
  readonly choices: readonly string[] | null;
  /** How a person can settle it. */
  readonly settledBy: SettledBy;
}

/**
 * - `account`, `region`, `partition`: of the deployment.
 * - `name`: a name or id that AWS makes for something in the file; it is nothing else's.
 * - `text`: anything.
 */
type ReferenceKind = 'account' | 'region' | 'partition' | 'name' | 'text';

const OPEN = '\uE000';
const CLOSE = '\uE001';
const TOKEN = /\uE000([^\uE001]*)\uE001/g;

/** Text of a file without the characters that mark tokens. */
export const withoutMarks = (text: string): string =>
  text.includes(OPEN) || text.includes(CLOSE) ? text.replace(/[\uE000\uE001]/g, '\uFFFD') : text;

/** The references of one file, by id. */
export class References {
  private readonly byId = new Map<string, Reference>();

  /** The token of a reference, which is added where it is new. */
  token(reference: Reference): string {
    if (!this.byId.has(reference.id)) this.byId.set(reference.id, reference);
    return `${OPEN}${reference.id}${CLOSE}`;
  }

  get(id: string): Reference {
    const reference = this.byId.get(id);
    if (reference === undefined) throw new Error(`no reference has the id \`${id}\``);
    return reference;
  }

  /** The references in a text, each once, in their order. */
  in(text: string): readonly Reference[] {
    return idsIn(text).map((id) => this.get(id));
  }

  /** A text for a person: "arn:aws:kms:${AWS::Region}:...". */
  show(text: string): string {
    return replaceTokens(text, (id) => `\${${this.get(id).name}}`);
  }

  /** "`KeyArn` and `AWS::Region`". */
  names(text: string): string {
    return inWords(this.in(text).map(({ name }) => name));
  }
}

export const idsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(TOKEN)].map((match) => match[1] ?? '')),
];

export const hasToken = (text: string): boolean => text.includes(OPEN);

/** Whether a text is one token and nothing else. */
export const isToken = (text: string): boolean => /^\uE000[^\uE001]*\uE001$/.test(text);

export const replaceTokens = (text: string, value: (id: string) => string): string =>
  hasToken(text) ? text.replace(TOKEN, (_, id: string) => value(id)) : text;

/** The literal pieces of a text and the ids of the tokens between them. */
export function pieces(text: string): readonly ({ readonly literal: string } | { readonly id: string })[] {
  const found: ({ readonly literal: string } | { readonly id: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > from) found.push({ literal: text.slice(from, match.index) });
    found.push({ id: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ literal: text.slice(from) });
  return found;
}

/** The parts of a text between its delimiters; what stands in a token, its id, is no text and is not split. */
export function splitOutsideTokens(text: string, delimiter: string): readonly string[] {
  const parts = [''];
  for (const piece of pieces(text)) {
    const [first = '', ...rest] = 'id' in piece ? [`${OPEN}${piece.id}${CLOSE}`] : piece.literal.split(delimiter);
    parts.push(`${parts.pop() ?? ''}${first}`, ...rest);
  }
  return parts;
}

/** At most this many names in one sentence. */
const NAMES_SHOWN = 4;

export function inWords(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `\`${name}\``);
  if (names.length > NAMES_SHOWN) return `${shown.join(', ')} and ${names.length - NAMES_SHOWN} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
