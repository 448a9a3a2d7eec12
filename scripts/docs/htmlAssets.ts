/** The page's scripts, which share the first one's names, and its styles, each in the order in which they count. */
export const SCRIPTS: readonly string[] = ['rows.js', 'table.js', 'open.js', 'export.js', 'copy.js'];
export const STYLES: readonly string[] = ['style.css', 'parts.css', 'print.css'];

/**
 * src/report/html/assets.ts: the page's scripts and styles as text.
 *
 * Text, because a file cannot be imported alike by Node without a build, by the tests and by the bundler. The line break in
 * front is the page's.
 */
export function htmlAssets(script: string, style: string): string {
  const raw = (text: string): string => {
    if (/`|\$\{/.test(text)) throw new Error('no script or style may hold a backtick or `${`');
    return `${text.includes('\\') ? 'String.raw' : ''}\`\n${text}\``;
  };
  return `// Made from the scripts and styles beside it by \`npm run docs\`: change those.

/** Its digest stands in the page's Content-Security-Policy: no compiler may change it. */
export const SCRIPT = ${raw(script)};

export const STYLE = ${raw(style)};
`;
}
