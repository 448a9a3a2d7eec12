import { parseJsonText } from '../../rule/jsonText.ts';
import { BadInput } from '../errors.ts';
import { parseJson } from '../json.ts';

/** Rule parameters as the command line gives them: not yet checked by the rule. */
export type GivenParameters = Readonly<Record<string, unknown>>;

/** Reads the value of `--parameters`; throws `BadInput` unless it is a JSON object. */
export function readParameters(json: string | undefined, minimumSeverity: string | undefined): GivenParameters {
  const given = json === undefined ? {} : parseJson(json, '--parameters');
  if (!isObject(given)) {
    throw new BadInput(`\`--parameters\` is \`${JSON.stringify(given)}\`, accepted is a JSON object of strings`);
  }
  return minimumSeverity === undefined ? given : { ...given, minimumSeverity };
}

/**
 * The event with parameters of the command line laid over its own, one by one.
 *
 * An event whose own parameters cannot be read stays as it is: the rule says what is wrong with it.
 */
export function overlayParameters(event: unknown, given: GivenParameters): unknown {
  if (Object.keys(given).length === 0 || !isObject(event)) return event;
  const own = ownParameters(event.ruleParameters);
  return own === null ? event : { ...event, ruleParameters: JSON.stringify({ ...own, ...given }) };
}

function ownParameters(text: unknown): GivenParameters | null {
  if (text === undefined || text === null || text === '') return {};
  try {
    const parameters: unknown = typeof text === 'string' ? parseJsonText(text) : null;
    return isObject(parameters) ? parameters : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
