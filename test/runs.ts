/**
 * `npm test` takes a part, so that it ends within minutes on a machine that does other things too; `ci` takes every row and half of
 * the samples, `npm run test:deep` all; `scripts/mutants.ts` runs the tests again and again, and `npm run quick` between two edits.
 */
const depth = process.env.TEST_DEPTH;
const isDeep = depth === 'deep' || depth === 'ci';
const isQuick = depth === 'quick';

/** How often a property is tried: as often as given, or a part of it in `npm test`, where every run draws other samples. */
export const runs = (deep: number, part = 1 / 20): number => {
  if (isDeep) return Math.ceil(depth === 'ci' ? deep / 2 : deep);
  return Math.ceil(deep * part * (isQuick || depth === 'mutants' ? 1 / 4 : 1));
};

/** Of rows that stand for themselves as many, one after every so many others, in `npm test`; all of them when it is deep. */
export const spread = <T>(all: readonly T[], few: number): readonly T[] =>
  isDeep ? all : all.filter((_, at) => at % Math.max(1, Math.ceil(all.length / (isQuick ? few / 4 : few))) === 0);

/** Of values that stand for the same kind of thing the first few in `npm test`. */
export const someOf = <T>(all: readonly T[], few: number): readonly T[] => (isDeep ? all : all.slice(0, few));

/** All of many rows; one of four between two edits. */
export const everyOne = <T>(all: readonly T[]): readonly T[] => spread(all, all.length);
