import { printable } from './printable.ts';

/** What XML 1.0 does not allow in a document, not even as a reference (section 2.2, Characters), beside controls. */
const NOT_XML = /[\u{d800}-\u{dfff}\u{fffe}\u{ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text between tags, whose controls are shown. What XML cannot hold is left out. */
export const xmlText = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>]/g, (char) => ESCAPES[char] ?? char);

/** A start tag's attributes, with a space before each. */
export const xmlAttributes = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlText(printable(String(value))).replaceAll('"', '&quot;')}"`)
    .join('');
