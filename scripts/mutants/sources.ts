import { globSync, readFileSync } from 'node:fs';
import type { Layer } from './layers.ts';
import { functionsOf, type Mutant } from './operators.ts';

/** A layer's sources: as they are, with a mark at the start of each function, or with a mutant. */
export class Sources {
  readonly files: readonly string[];
  readonly #functions: { readonly file: string; readonly from: number; readonly to: number }[] = [];
  readonly #marked: ReadonlyMap<string, string>;

  constructor({ files }: Layer) {
    this.files = globSync('src/**/*.ts')
      .filter((file) => files.test(file))
      .sort();
    this.#marked = new Map(this.files.map((file) => [file, this.#mark(file)]));
  }

  /** `undefined` for what is not of the layer. */
  marked = (file: string): string | undefined => this.#marked.get(file);

  /** The innermost function around a mutant; `null` where it is in none. */
  functionAt({ file, from, to }: Mutant): number | null {
    const around = [...this.#functions.entries()]
      .filter(([, one]) => one.file === file && one.from <= from && to <= one.to)
      .toSorted(([, a], [, b]) => a.to - a.from - (b.to - b.from));
    return around[0]?.[0] ?? null;
  }

  #mark(file: string): string {
    const text = readFileSync(file, 'utf8');
    const source = Buffer.from(text);
    const marks = functionsOf(text).flatMap(({ from, to, bodyFrom, bodyTo, isExpression }) => {
      const mark = `__hits[${this.#functions.push({ file, from, to }) - 1}] = 1`;
      if (!isExpression) return [{ at: bodyFrom + 1, text: ` ${mark};` }];
      return [
        { at: bodyFrom, text: `(${mark}, ` },
        { at: bodyTo, text: ')' },
      ];
    });
    let marked = '';
    let at = 0;
    for (const mark of marks.toSorted((a, b) => a.at - b.at)) {
      marked += source.subarray(at, mark.at).toString() + mark.text;
      at = mark.at;
    }
    return marked + source.subarray(at).toString();
  }
}

export function mutated({ file, from, to, by }: Mutant): string {
  const before = readFileSync(file);
  return Buffer.concat([before.subarray(0, from), Buffer.from(by), before.subarray(to)]).toString();
}
