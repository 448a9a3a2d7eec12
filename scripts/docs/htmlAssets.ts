/**
 * src/report/html/assets.ts: what the page holds of script.js and style.css, as text.
 *
 * Text, because a file cannot be imported alike by Node without a build, by the tests and by the bundler. The line break in
 * front is the page's.
 */
export function htmlAssets(script: string, style: string): string {
  const raw = (text: string): string => {
    if (/`|\$\{/.test(text)) throw new Error('neither script.js nor style.css may hold a backtick or `${`');
    return `${text.includes('\\') ? 'String.raw' : ''}\`\n${text}\``;
  };
  return `// Made from script.js and style.css by \`npm run docs\`: change those.

/** Its digest stands in the page's Content-Security-Policy: no compiler may change it. */
export const SCRIPT = ${raw(script)};

export const STYLE = ${raw(style)};
`;
}
