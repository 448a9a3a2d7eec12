/** One line of a difference: kept, taken out or put in. */
interface DiffLine {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines of unchanged text that are shown around a change. */
const CONTEXT = 3;

/** The shortest difference of two texts, line by line, with a gap (`null`) where unchanged lines are left out. */
export function diffLines(before: string, after: string): readonly (DiffLine | null)[] {
  return withoutFarLines(allLines(before.split('\n'), after.split('\n')));
}

function allLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const lengths = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let [from, to] = [0, 0];
  const width = after.length + 1;
  const common = (a: number, b: number): number => lengths[a * width + b] ?? 0;
  while (from < before.length || to < after.length) {
    const [old, fresh] = [before[from], after[to]];
    if (old !== undefined && old === fresh) {
      lines.push({ kind: ' ', text: old });
      from += 1;
      to += 1;
    } else if (old !== undefined && (fresh === undefined || common(from + 1, to) >= common(from, to + 1))) {
      lines.push({ kind: '-', text: old });
      from += 1;
    } else {
      lines.push({ kind: '+', text: fresh ?? '' });
      to += 1;
    }
  }
  return lines;
}

/** At `a * (after.length + 1) + b`: how many lines the texts have in common behind their lines `a` and `b`. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let a = before.length - 1; a >= 0; a -= 1)
    for (let b = after.length - 1; b >= 0; b -= 1)
      lengths[a * width + b] =
        before[a] === after[b]
          ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0);
  return lengths;
}

function withoutFarLines(lines: readonly DiffLine[]): readonly (DiffLine | null)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== ' '),
  );
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line];
    return index === 0 || isNear[index - 1] ? [null] : [];
  });
}
