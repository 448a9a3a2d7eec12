import type { Reference } from '../reference.ts';

/**
 * Concrete values that stand for references in the checks: each is named nowhere, so it is equal to itself alone.
 */
export interface Placeholders {
  readonly valueFor: (reference: Reference) => string;
  /** A further account that nobody names. */
  readonly foreignAccount: string;
  /** A text for a person: placeholders shown as the references that they stand for. */
  readonly show: (text: string) => string;
  /** The same in its parts: what is written, and the names of references. */
  readonly pieces: (text: string) => readonly Piece[];
}

type Piece = { readonly literal: string } | { readonly name: string };

/**
 * @param isUsed whether the file or the options name a text
 */
export function placeholders(isUsed: (text: string) => boolean): Placeholders {
  const byId = new Map<string, string>();
  const foreignAccount = unusedAccount(499_000_000_017, isUsed);
  const names = new Map([[foreignAccount, 'another account']]);
  const shownAs = (text: string, name: (value: string) => string): string => {
    let shown = text;
    for (const value of names.keys()) shown = shown.replaceAll(value, name(value));
    return shown;
  };
  const valueFor = (reference: Reference): string => {
    const known = byId.get(reference.id);
    if (known !== undefined) return known;
    const value = firstUnused(reference, byId.size, isUsed);
    byId.set(reference.id, value);
    names.set(value, reference.name);
    return value;
  };
  return {
    valueFor,
    foreignAccount,
    show: (text) => shownAs(text, (value) => braced(names.get(value) ?? '')),
    pieces: (text) =>
      shownAs(text, (value) => `${MARK}${names.get(value)}${MARK}`)
        .split(MARK)
        .map((part, at) => (at % 2 === 0 ? { literal: part } : { name: part }))
        .filter((piece) => !('literal' in piece) || piece.literal !== ''),
  };
}

/** No text of a file holds it. */
const MARK = '\uE000';

const braced = (name: string): string => `\${${name}}`;

function firstUnused({ kind }: Reference, index: number, isUsed: (text: string) => boolean): string {
  switch (kind) {
    case 'account':
      return unusedAccount(208_000_000_011 + index, isUsed);
    case 'region':
      return `zz-unresolved${index}-1`;
    case 'partition':
      return `aws-unresolved-${letters(index)}`;
    case 'name':
      return `0000unresolved-name-${index}-0000`;
    case 'text':
      return `0000unresolved-text-${index}-0000`;
  }
}

const letters = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');

function unusedAccount(first: number, isUsed: (text: string) => boolean): string {
  let account = first;
  while (isUsed(String(account))) account += 1;
  return String(account);
}
