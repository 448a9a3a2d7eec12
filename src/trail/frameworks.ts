import { CHECKS, type CheckId } from './checks/index.ts';
import { CONTROLS, type ControlRow, type Edition } from './controls.ts';

/** A control with the checks that decide whether a trail meets it. */
export interface DecidedControl {
  readonly id: string;
  readonly checks: readonly CheckId[];
}

/** One version of a framework with its controls. */
export interface Framework extends Edition {
  readonly controls: readonly DecidedControl[];
}

/** A key that is named and does not work encrypts nothing: they decide beside the check that the trail names one. */
const IS_ENCRYPTING: readonly CheckId[] = ['key-exists', 'key-usable', 'cloudtrail-can-encrypt'];

/** Every version of every framework, most used first. */
export const FRAMEWORKS: readonly Framework[] = frameworks();

function frameworks(): readonly Framework[] {
  const editions = new Map(CONTROLS.flatMap((row) => row.editions).map((edition) => [edition.key, edition]));
  return [...editions.values()].map((edition) => {
    const rows = CONTROLS.filter((row) => row.editions.some(({ key }) => key === edition.key));
    const ids = [...new Set(rows.map(({ id }) => id))];
    return { ...edition, controls: ids.map((id) => ({ id, checks: deciding(rows.filter((row) => row.id === id)) })) };
  });
}

/** In the order in which reports show checks. */
function deciding(rows: readonly ControlRow[]): readonly CheckId[] {
  const asksForEncryption = rows.some(({ subject }) => subject === 'encrypted');
  return CHECKS.filter(
    ({ id, controls }) =>
      rows.some((row) => controls.includes(row)) || (asksForEncryption && IS_ENCRYPTING.includes(id)),
  ).map(({ id }) => id);
}

/** The framework of a name, or of the beginning of one name alone; case does not matter. `null`: none or several. */
export function frameworkNamed(text: string): Framework | null {
  const name = text.toLowerCase();
  const whole = FRAMEWORKS.find(({ key }) => key === name);
  if (whole !== undefined) return whole;
  const [first, ...more] = name === '' ? [] : FRAMEWORKS.filter(({ key }) => key.startsWith(name));
  return first !== undefined && more.length === 0 ? first : null;
}
