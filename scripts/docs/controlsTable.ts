import type { CheckDocument } from '../../src/trail/check.ts';
import { table } from './tables.ts';

/** Each framework and the controls of it that checks speak to, in the order in which checks name them. */
function frameworksOf(checks: readonly CheckDocument[]): readonly (readonly [string, readonly string[]])[] {
  const all = checks.flatMap(({ controls }) => controls);
  const named = (framework: string) => all.filter((one) => one.framework === framework).map(({ id }) => id);
  return [...new Set(all.map(({ framework }) => framework))].map((framework) => [
    framework,
    [...new Set(named(framework))],
  ]);
}

const HEAD = ['framework', 'control'];

export const controlsOfCheck = (check: CheckDocument): string =>
  table(
    HEAD,
    frameworksOf([check]).map(([framework, controls]) => [framework, controls.join(', ')]),
  );

/** Every control; one that does not ask for encryption itself with the checks that speak to it. */
export function controlsOfAll(checks: readonly CheckDocument[]): string {
  const speaking = (framework: string, control: string): string => {
    const ids = checks
      .filter(({ controls }) => controls.some((one) => one.framework === framework && one.id === control))
      .map(({ id }) => id);
    return ids.includes('trail-encrypted') ? control : `${control} (${ids.map((id) => `\`${id}\``).join(', ')})`;
  };
  return table(
    HEAD,
    frameworksOf(checks).map(([framework, controls]) => [
      framework,
      controls.map((control) => speaking(framework, control)).join(', '),
    ]),
  );
}
