import { printable } from '../printable.ts';

/** HTML that is safe to write: made by `html` alone, so that text can get into a page only as text. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  toString(): string {
    return this.source;
  }
}

/** Text is escaped, markup is taken as it is, lists are joined, `null` is left out. */
export type Content = string | number | Markup | null | readonly Content[];

/** Joins a template to markup; see `Content`. Values stand between tags or inside double-quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = strings[0] ?? '';
  for (let index = 0; index < values.length; index++)
    source += render(values[index] ?? null) + (strings[index + 1] ?? '');
  return new Markup(source);
}

function render(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return NOT_PLAIN.test(content) ? escapeText(printable(content)) : content;
  if (typeof content === 'number') return String(content);
  if (content instanceof Markup) return content.source;
  let source = '';
  for (const one of content) source += render(one);
  return source;
}

/** Most text stands for itself, which is soon seen. */
const NOT_PLAIN = /[^ !#-%(-;=?-~]/;

/** Text over several lines, such as JSON: line breaks stay, everything else that is invisible is shown. */
export const lines = (text: string): Markup => new Markup(text.split('\n').map(render).join('\n'));

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** Text in which code stands between backticks, as the findings' messages have it. */
export const prose = (text: string): Content => (text.includes('`') ? withCode(text) : text);

const withCode = (text: string): Content =>
  text.split('`').map((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) return html`<code>${part}</code>`;
    return index % 2 === 1 ? `\`${part}` : part;
  });
