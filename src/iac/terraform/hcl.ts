/** A block at the top of a Terraform file: `resource "aws_kms_key" "trail" {...}`. */
interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  /** Where its type stands, in characters from the start. */
  readonly offset: number;
  readonly body: string;
}

const HEADER = /([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*\{/y;
const ATTRIBUTE = /([A-Za-z_][\w-]*)[ \t]*=(?![=>])/y;

/** The blocks at the top of a file, whatever else is in it (HCL Native Syntax Specification). */
export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < text.length; ) {
    HEADER.lastIndex = at;
    const [header, type = '', labels = ''] = startsWord(text, at) ? (HEADER.exec(text) ?? []) : [];
    if (header === undefined) {
      at = after(text, at);
      continue;
    }
    const start = at + header.length;
    const end = closing(text, start);
    const names = [...labels.matchAll(/"([^"\n]*)"|([\w-]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    blocks.push({ type, labels: names, offset: at, body: text.slice(start, end) });
    at = end + 1;
  }
  return blocks;
}

/** The expressions of a block's attributes, by name; nested blocks are left out. */
export function attributesOf(body: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    ATTRIBUTE.lastIndex = at;
    const [head, name = ''] = startsWord(body, at) ? (ATTRIBUTE.exec(body) ?? []) : [];
    if (head === undefined) {
      at = after(body, at);
      continue;
    }
    const start = at + head.length;
    let end = start;
    while (end < body.length && body[end] !== '\n') end = after(body, end);
    attributes.set(name, body.slice(start, end).trim());
    at = end;
  }
  return attributes;
}

const REFERENCE = /(?<![\w.-])[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[(?:"[^"]*"|\d+)\])+/g;

/** What an expression refers to, as a plan writes references. */
export const referencesIn = (expression: string): readonly string[] => [
  ...new Set([...code(expression).matchAll(REFERENCE)].map(([reference]) => reference)),
];

/** An expression without the text of its strings and comments; what is interpolated, and what chooses an instance, stays. */
function code(text: string): string {
  let found = '';
  for (let at = 0; at < text.length; ) {
    const end = after(text, at);
    const token = text.slice(at, end);
    if (/^\["[^"$%\\]*"\]$/.test(token)) found += token;
    else if (/^[[({]/.test(token)) found += `${token[0]}${code(token.slice(1, -1))}${token.at(-1)}`;
    else if (/^("|<<)/.test(token)) found += ` ${interpolated(token)} `;
    else if (token.length === 1) found += token;
    at = end;
  }
  return found;
}

function interpolated(text: string): string {
  let found = '';
  let from = 0;
  for (const { index } of text.matchAll(/(?<![$%])[$%]\{/g)) {
    if (index < from) continue;
    from = closing(text, index + 2);
    found += ` ${code(text.slice(index + 2, from))} `;
  }
  return found;
}

const startsWord = (text: string, at: number): boolean => at === 0 || !/[\w.-]/.test(text[at - 1] ?? '');

/** The position behind what begins here: a comment, a string, a heredoc, something in brackets, or one character. */
function after(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  if (text[at] === '#' || two === '//') return orEnd(text, text.indexOf('\n', at));
  if (two === '/*') return orEnd(text, text.indexOf('*/', at + 2), 2);
  if (text[at] === '"') return afterString(text, at);
  if (/[[({]/.test(text[at] ?? '')) return Math.min(text.length, closing(text, at + 1) + 1);
  const heredoc = two === '<<' ? /<<-?([\w-]+)\r?\n/y : null;
  if (heredoc === null) return at + 1;
  heredoc.lastIndex = at;
  const word = heredoc.exec(text)?.[1];
  if (word === undefined) return at + 1;
  const end = new RegExp(`^[ \\t]*${word}[ \\t]*\\r?$`, 'm').exec(text.slice(at));
  return end === null ? text.length : at + end.index + end[0].length;
}

function afterString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\' || /^(\$\$|%%)\{/.test(text.slice(at, at + 3))) at += 2;
    else if (/^[$%]\{/.test(text.slice(at, at + 2))) at = closing(text, at + 2) + 1;
    else at += 1;
  }
  return Math.min(text.length, at + 1);
}

/** Where the bracket that was opened before closes. */
function closing(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\])}]/.test(text[at] ?? '')) at = after(text, at);
  return at;
}

const orEnd = (text: string, found: number, length = 0): number => (found < 0 ? text.length : found + length);
