import { compilePattern, type Pattern, type Piece } from './pattern.ts';

/** A policy value with policy variables: text pieces and the condition keys that stand between them. */
export interface ValueTemplate {
  readonly parts: readonly (Piece | Variable)[];
  /** Condition keys that the value refers to, as written. */
  readonly keys: readonly string[];
  /** Set when the value holds `${` that is no policy variable: what it means is not documented. */
  readonly malformed: boolean;
}

export interface Variable {
  /** As written. */
  readonly key: string;
  readonly fallback: string | null;
}

const ESCAPES: readonly string[] = ['*', '?', '$'];
const VARIABLE = /\$\{([^{}]*)\}/g;
const NAMED = /^\s*([^\s,']+)\s*(?:,\s*'([^']*)'\s*)?$/;

/**
 * Reads `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}` (IAM JSON policy elements: Variables and tags).
 * Only version 2012-10-17 has variables; elsewhere the text stands for itself.
 */
export function parseTemplate(text: string, hasVariables: boolean): ValueTemplate {
  if (!hasVariables || !text.includes('${')) return { parts: [{ text, wildcards: true }], keys: [], malformed: false };
  const parts: (Piece | Variable)[] = [];
  let malformed = false;
  let rest = 0;
  const addText = (piece: string): void => {
    if (piece.includes('${')) malformed = true;
    if (piece !== '') parts.push({ text: piece, wildcards: true });
  };
  for (const match of text.matchAll(VARIABLE)) {
    addText(text.slice(rest, match.index));
    rest = match.index + match[0].length;
    const inside = match[1] ?? '';
    const named = NAMED.exec(inside);
    if (ESCAPES.includes(inside)) parts.push({ text: inside, wildcards: false });
    else if (named?.[1] !== undefined) parts.push({ key: named[1], fallback: named[2] ?? null });
    else malformed = true;
  }
  addText(text.slice(rest));
  const keys = parts.flatMap((part) => ('key' in part ? [part.key] : []));
  return { parts, keys: [...new Set(keys)], malformed };
}

/** A single value, `null` for an absent key, `undefined` for what cannot stand in a policy value. */
type VariableValue = string | null | undefined;

/**
 * Puts values in place of the variables. `null`: a variable has no value and no default, so the policy value matches
 * nothing; `undefined`: a variable's value is not known or has several values.
 */
export function substitute(
  template: ValueTemplate,
  lookup: (key: string) => VariableValue,
): readonly Piece[] | null | undefined {
  const pieces: Piece[] = [];
  for (const part of template.parts) {
    if (!('key' in part)) {
      pieces.push(part);
      continue;
    }
    const value = lookup(part.key.toLowerCase());
    if (value === undefined) return undefined;
    const text = value ?? part.fallback;
    if (text === null) return null;
    pieces.push({ text, wildcards: false });
  }
  return pieces;
}

const ANYTHING: Piece = { text: '*', wildcards: true };

/** A pattern that matches every text that the value matches for some values of its variables, under any operator. */
export const anyFilling = ({ parts }: ValueTemplate): Pattern =>
  compilePattern(
    parts.map((part) => ('key' in part ? ANYTHING : part)),
    true,
  );
