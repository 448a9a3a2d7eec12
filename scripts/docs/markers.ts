/** The text with what stands between the markers of a name replaced. */
export function withGenerated(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no \`${start}\` before \`${end}\``);
  return `${text.slice(0, from + start.length)}${content}${text.slice(to)}`;
}

/** The text without what is generated. */
export const handWritten = (text: string): string =>
  text.replaceAll(/<!-- generated: ([\w-]+) -->[\s\S]*?<!-- end: \1 -->/g, '');
