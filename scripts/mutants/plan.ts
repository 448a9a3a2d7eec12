/** What a test, or the load of its file, took and which functions of src it entered, when nothing was changed. */
export interface Measured {
  /** Of tests; `SOURCES` for the load of all sources of the layer. */
  readonly file: string;
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

/**
 * The tests that enter a function, the quick ones first, file by file, then the slow ones. All tests for what is in no function,
 * or in one that the load of the sources enters.
 */
export function planFor(enters: number | null, measured: readonly Measured[]): Plan {
  const isEntered = ({ hits }: Measured): boolean => enters === null || hits.includes(enters);
  const tests = measured.filter(({ file }) => file !== SOURCES);
  const isStatic = enters === null || measured.some((one) => one.file === SOURCES && isEntered(one));
  const wholeFiles = new Set(tests.filter((one) => one.index === null && isEntered(one)).map(({ file }) => file));
  const chosen = tests.filter((one) => one.index !== null && (isStatic || wholeFiles.has(one.file) || isEntered(one)));
  const loads = new Map(tests.flatMap(({ file, index, ms }) => (index === null ? [[file, ms] as const] : [])));
  const quick = [...new Set(chosen.map(({ file }) => file))]
    .map((file) => {
      const own = chosen.filter((one) => one.file === file && one.ms < SLOW_MS);
      const ms = own.reduce((sum, one) => sum + one.ms, loads.get(file) ?? 0);
      return { file, indexes: own.flatMap(({ index }) => index ?? []), ms };
    })
    .toSorted((a, b) => a.ms - b.ms);
  const slow = chosen
    .filter(({ ms }) => ms >= SLOW_MS)
    .toSorted((a, b) => a.ms - b.ms)
    .map(({ file, index }) => ({ file, indexes: index === null ? [] : [index] }));
  return [...quick.map(({ file, indexes }) => ({ file, indexes })), ...slow];
}
