import { reportedControls } from '../../src/report/controlsOf.ts';
import type { CheckDocument } from '../../src/trail/check.ts';
import { CONTROLS, type Control, type ControlRow } from '../../src/trail/controls.ts';
import { table } from './tables.ts';

const HEAD = ['framework', 'control'];

/** Controls by framework, in their order. */
function byFramework<One extends Control>(controls: readonly One[]): readonly (readonly [string, readonly One[]])[] {
  const frameworks = [...new Set(controls.map(({ framework }) => framework))];
  return frameworks.map((framework) => [framework, controls.filter((one) => one.framework === framework)]);
}

/** What reports name with a check, and where the others are. */
export function controlsOfCheck(check: CheckDocument): string {
  const named = byFramework(reportedControls(check));
  const rows = named.map(([framework, controls]) => [framework, controls.map(({ id }) => id).join(', ')]);
  return `${table(HEAD, rows)}\nControls of other frameworks: [controls](../controls.md).`;
}

/** Each control once; one that does not ask for encryption itself with the checks that speak to it. */
function cell(controls: readonly ControlRow[], checks: readonly CheckDocument[]): string {
  const ids = [...new Set(controls.map(({ id }) => id))];
  return ids
    .map((id) => {
      const rows = controls.filter((one) => one.id === id);
      const speaking = checks.filter((check) => rows.some((row) => check.controls.includes(row))).map((one) => one.id);
      return speaking.includes('trail-encrypted') ? id : `${id} (${speaking.map((one) => `\`${one}\``).join(', ')})`;
    })
    .join(', ');
}

/** What every report names. */
export function controlsInReports(checks: readonly CheckDocument[]): string {
  const rows = byFramework(CONTROLS.filter(({ isInEveryReport }) => isInEveryReport));
  return table(
    HEAD,
    rows.map(([framework, controls]) => [framework, cell(controls, checks)]),
  );
}

/** Every control, with what shows that it asks for it. */
export function controlsOfAll(checks: readonly CheckDocument[]): string {
  const rows = byFramework(CONTROLS).map(([framework, controls]) => [
    framework,
    [...new Set(controls.flatMap(({ editions }) => editions.map(({ key }) => `\`${key}\``)))].join(', '),
    cell(controls, checks),
    [...new Set(controls.map(({ source }) => source))].join('; '),
  ]);
  return table(['framework', '`--framework`', 'control', 'source'], rows);
}
