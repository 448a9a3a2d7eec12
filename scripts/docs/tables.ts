const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A Markdown table, with its last line's end. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((row, index) => (index === 1 ? `|${row.join('|')}|\n` : `| ${row.join(' | ')} |\n`)).join('');
}
