import { PARAMETER_NAMES, PARAMETERS, type ParameterName, type ParameterRow } from '../../src/rule/parameterTable.ts';
import { table } from './tables.ts';

/** A parameter's row with its name; the type of its value matters to nobody here. */
export interface Parameter extends ParameterRow<unknown> {
  readonly name: ParameterName;
  /** Its name in a template. */
  readonly templateName: string;
  /** Its default as an operator would write it; empty where there is none. */
  readonly defaultText: string;
}

export const inTemplate = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export const ALL: readonly Parameter[] = PARAMETER_NAMES.map((name) => {
  const row: ParameterRow<unknown> = PARAMETERS[name];
  return { ...row, name, templateName: inTemplate(name), defaultText: String(row.default ?? '') };
});

/** A page's table of the parameters; `nameOf` gives the names that its reader uses. */
export function parametersTable(nameOf: (name: string) => string): string {
  const standsFor = ({ emptyStandsFor }: Parameter): string => {
    if (emptyStandsFor === undefined) return '';
    return isName(emptyStandsFor) ? `\`${nameOf(emptyStandsFor)}\`` : emptyStandsFor;
  };
  return table(
    ['name', 'default', 'meaning'],
    ALL.map((parameter) => [
      `\`${nameOf(parameter.name)}\``,
      parameter.defaultText === '' ? standsFor(parameter) : `\`${parameter.defaultText}\``,
      `${parameter.meaning}${oneOf(parameter)}`,
    ]),
  );
}

const oneOf = ({ format: { values = [] } }: Parameter): string =>
  values.length === 0 || values.includes('true') ? '' : ` (${values.map((value) => `\`${value}\``).join(', ')})`;

/** A template's Description. */
export function describe({ meaning, emptyStandsFor }: Parameter): string {
  const sentence = `${inTemplate(meaning.replaceAll('`', ''))}.`;
  if (emptyStandsFor === undefined) return sentence;
  return `${sentence} Empty stands for ${isName(emptyStandsFor) ? inTemplate(emptyStandsFor) : emptyStandsFor}.`;
}

const isName = (text: string): boolean => PARAMETER_NAMES.some((name) => name === text);
