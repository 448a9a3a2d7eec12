import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files as one text; the line break in front is the page's. */
const textOf = (...files: readonly string[]): string =>
  `\n${files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('')}`;

/**
 * The page's scripts, which share the first one's names. Their digest stands in the page's Content-Security-Policy: no
 * compiler may change them. A bundle holds the text in place of this module (`scripts/htmlAssets.ts`).
 */
export const SCRIPT = textOf('rows.js', 'table.js', 'open.js', 'export.js', 'copy.js');

/** The page's styles, in the order in which they count. */
export const STYLE = textOf('style.css', 'parts.css', 'print.css');
