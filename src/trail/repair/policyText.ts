import { type KeyPolicy, POLICY_SIZE } from '../../policy/parse.ts';
import type { PolicyDocument } from '../statements.ts';
import { applyEdits } from './document.ts';
import type { StatementEdit } from './plan.ts';

/** The policy as text, before any edit: as it was written, or else in the form that the KMS console shows. */
export const policyText = ({ document, text }: KeyPolicy): string => text ?? pretty(document);

/**
 * The edited policy as text. Where the policy came as text, everything that no edit touches keeps its formatting.
 *
 * At most as large as KMS takes: a policy that indentation makes too large is written without.
 */
export function editedText(policy: KeyPolicy, edits: readonly StatementEdit[]): string {
  // INVARIANT: a valid policy is a JSON object.
  const document = applyEdits(policy.document as PolicyDocument, edits);
  const compact = JSON.stringify(document);
  const spliced = policy.text === null ? null : splice(policy.text, edits);
  const isSame = spliced !== null && JSON.stringify(JSON.parse(spliced)) === compact;
  const text = spliced !== null && isSame ? spliced : pretty(document, policy.text ?? '');
  return new TextEncoder().encode(text).length > POLICY_SIZE ? compact : text;
}

const pretty = (document: unknown, like = ''): string => JSON.stringify(document, null, unitOf(like));

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Puts changed statements in the place of the old ones, and added ones behind the last; `null` where that cannot be done. */
function splice(text: string, edits: readonly StatementEdit[]): string | null {
  if (edits.some(({ statement }) => statement === null)) return null;
  const whole = memberSpan(text, 'Statement');
  if (whole === null) return null;
  const isList = text.charAt(whole.start) === '[';
  const spans = isList ? elementSpans(text, whole) : [whole];
  const last = spans.at(-1);
  if (last === undefined) return null;
  const indent = indentOf(text, last.start);
  const changed = new Map(edits.map(({ index, statement }) => [index, statement]));
  const parts: string[] = [];
  let from = 0;
  for (const [index, span] of spans.entries()) {
    const statement = changed.get(index);
    if (statement === undefined) continue;
    parts.push(text.slice(from, span.start), serialize(statement, text, indentOf(text, span.start)));
    from = span.end;
  }
  parts.push(text.slice(from, last.end));
  for (const { index, statement } of edits)
    if (index === null) parts.push(indent === null ? ',' : `,\n${indent}`, serialize(statement, text, indent));
  const result = parts.join('') + text.slice(last.end);
  const hasAdded = edits.some(({ index }) => index === null);
  return isList || !hasAdded ? result : null;
}

/** The white space before a value that stands first on its line; `null` where something else stands there. */
function indentOf(text: string, start: number): string | null {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return text.includes('\n') && line.trim() === '' ? line : null;
}

function serialize(statement: unknown, text: string, indent: string | null): string {
  if (indent === null) return JSON.stringify(statement);
  return JSON.stringify(statement, null, unitOf(text)).replaceAll('\n', `\n${indent}`);
}

/** What the text indents by: the white space before its first member. */
const unitOf = (text: string): string => /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';

/** Where the value of a member of the outermost object stands in JSON text. */
function memberSpan(text: string, name: string): Span | null {
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text.charAt(at) === '"') {
    const nameEnd = valueEnd(text, at);
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = valueEnd(text, start);
    if (JSON.parse(text.slice(at, nameEnd)) === name) return { start, end };
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return null;
}

function elementSpans(text: string, list: Span): readonly Span[] {
  const spans: Span[] = [];
  let start = skipSpace(text, list.start + 1);
  while (start < list.end - 1) {
    const end = valueEnd(text, start);
    spans.push({ start, end });
    start = skipSpace(text, skipSpace(text, end) + 1);
  }
  return spans;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}

/** The end of the JSON value that starts here. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') at = stringEnd(text, at);
    else {
      if (depth === 0 && at > start && ',]} \t\r\n'.includes(character)) return at;
      if ('{['.includes(character)) depth += 1;
      if ('}]'.includes(character)) depth -= 1;
      at += 1;
    }
    if (depth === 0 && '{["'.includes(text.charAt(start))) return at;
  }
  return at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}
