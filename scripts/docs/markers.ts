/** The text of a page with what stands between the markers of a name replaced. */
export function withGenerated(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no \`${start}\` before \`${end}\``);
  return `${text.slice(0, from + start.length)}${content}${text.slice(to)}`;
}

/** The text of a page without what is generated. */
export const handWritten = (text: string): string =>
  text.replaceAll(/<!-- generated: ([\w-]+) -->[\s\S]*?<!-- end: \1 -->/g, '');

const LINES = /^( *)# generated: (.+)\n(?: *(?!# generated: ).*\n)*?\1# end: \2$/gm;

/** A template with the lines between the comments of each name replaced, indented as the comments are. */
export function withGeneratedLines(text: string, parts: ReadonlyMap<string, readonly string[]>): string {
  const whole = text.match(LINES)?.length ?? 0;
  if (whole !== text.split('# generated: ').length - 1)
    throw new Error('a `# generated:` of the template has no `# end:`');
  return text.replaceAll(LINES, (_, indent: string, name: string) => {
    const lines = parts.get(name);
    if (lines === undefined) throw new Error(`nothing makes \`${name}\``);
    return [`# generated: ${name}`, ...lines, `# end: ${name}`].map((line) => `${indent}${line}`).join('\n');
  });
}
