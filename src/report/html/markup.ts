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
  return new Markup(strings.map((string, index) => string + render(values[index] ?? null)).join(''));
}

function render(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return escapeText(printable(content));
  if (typeof content === 'number') return String(content);
  return content instanceof Markup ? content.source : content.map(render).join('');
}

/** Text over several lines, such as JSON: line breaks stay, everything else that is invisible is shown. */
export const lines = (text: string): Markup =>
  new Markup(
    text
      .split('\n')
      .map((line) => escapeText(printable(line)))
      .join('\n'),
  );

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** Text in which code stands between backticks, as the findings' messages have it. */
export const prose = (text: string): Content =>
  text.split('`').map((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) return html`<code>${part}</code>`;
    return index % 2 === 1 ? `\`${part}` : part;
  });
