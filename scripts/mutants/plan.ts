/** What a test, or the load of its file, took and which functions of src it entered, when nothing was changed. */
export interface Measured {
  /** Of tests; `SOURCES` for the load of all sources of the layer. */
  readonly file: string;
  readonly name: string;
  /** Among its file's tests; `null` is the file's load. */
  readonly index: number | null;
  readonly ms: number;
  readonly hits: readonly number[];
}

export type Plan = readonly { readonly file: string; readonly indexes: readonly number[] }[];

/** What is measured. */
export interface Files {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

export const SOURCES = 'src';

const SLOW_MS = 100;

/** What is changed: a source file, and the function, `null` where it is in none. */
export interface Place {
  readonly file: string;
  readonly enters: number | null;
}

/**
 * The tests that enter a function: those that name its file first, then the quick ones, file by file, then the slow ones. All
 * tests for what is in no function, or in one that the load of the sources enters. What comes later than the budget is left out.
 */
export function planFor({ file: source, enters }: Place, measured: readonly Measured[], budgetMs: number): Plan {
  const isEntered = ({ hits }: Measured): boolean => enters === null || hits.includes(enters);
  const tests = measured.filter(({ file }) => file !== SOURCES);
  const isStatic = enters === null || measured.some((one) => one.file === SOURCES && isEntered(one));
  const wholeFiles = new Set(tests.filter((one) => one.index === null && isEntered(one)).map(({ file }) => file));
  const chosen = tests.filter((one) => one.index !== null && (isStatic || wholeFiles.has(one.file) || isEntered(one)));
  const name = /([^/]+)\.ts$/.exec(source)?.[1] ?? source;
  const names = [`/${name}.test.ts`, `/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`];
  const isNamed = (one: Measured): boolean => names.some((each) => `${one.file} ${one.name}`.includes(each));
  const isQuick = ({ ms }: Measured): boolean => ms < SLOW_MS;
  const others = chosen.filter((one) => !isNamed(one));
  const loads = new Map(tests.flatMap(({ file, index, ms }) => (index === null ? [[file, ms] as const] : [])));
  const inOrder = [
    ...byFile(chosen.filter(isNamed), loads),
    ...byFile(others.filter(isQuick), loads),
    ...others
      .filter((one) => !isQuick(one))
      .toSorted((a, b) => a.ms - b.ms)
      .map(({ file, index, ms }) => ({ file, indexes: index === null ? [] : [index], ms })),
  ];
  let left = budgetMs;
  return inOrder.filter(({ ms }) => {
    left -= ms;
    return left > 0;
  });
}

const byFile = (
  tests: readonly Measured[],
  loads: ReadonlyMap<string, number>,
): readonly (Plan[number] & { readonly ms: number })[] =>
  [...new Set(tests.map(({ file }) => file))]
    .map((file) => {
      const own = tests.filter((one) => one.file === file);
      const ms = own.reduce((sum, one) => sum + one.ms, loads.get(file) ?? 0);
      return { file, indexes: own.flatMap(({ index }) => index ?? []), ms };
    })
    .toSorted((a, b) => a.ms - b.ms);
