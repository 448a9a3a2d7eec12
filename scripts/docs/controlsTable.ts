import type { CheckDocument } from '../../src/trail/check.ts';
import { table } from './tables.ts';

/** Each benchmark and the controls of it that checks speak to, in the order in which checks name them. */
function benchmarksOf(checks: readonly CheckDocument[]): readonly (readonly [string, readonly string[]])[] {
  const all = checks.flatMap(({ controls }) => controls);
  const named = (benchmark: string) => all.filter((one) => one.benchmark === benchmark).map(({ control }) => control);
  return [...new Set(all.map(({ benchmark }) => benchmark))].map((benchmark) => [
    benchmark,
    [...new Set(named(benchmark))],
  ]);
}

const HEAD = ['benchmark', 'control'];

export const controlsOfCheck = (check: CheckDocument): string =>
  table(
    HEAD,
    benchmarksOf([check]).map(([benchmark, controls]) => [benchmark, controls.join(', ')]),
  );

/** Every control; one that does not ask for encryption itself with the checks that speak to it. */
export function controlsOfAll(checks: readonly CheckDocument[]): string {
  const speaking = (benchmark: string, control: string): string => {
    const ids = checks
      .filter(({ controls }) => controls.some((one) => one.benchmark === benchmark && one.control === control))
      .map(({ id }) => id);
    return ids.includes('trail-encrypted') ? control : `${control} (${ids.map((id) => `\`${id}\``).join(', ')})`;
  };
  return table(
    HEAD,
    benchmarksOf(checks).map(([benchmark, controls]) => [
      benchmark,
      controls.map((control) => speaking(benchmark, control)).join(', '),
    ]),
  );
}
