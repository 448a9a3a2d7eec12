import type { CheckOptions } from '../trail/check.ts';
import { InvalidParameterError } from './errors.ts';
import {
  PARAMETER_NAMES,
  PARAMETERS,
  type ParameterName,
  type ParameterRow,
  type RuleParameters,
} from './parameterTable.ts';
import { quote, quoteAll } from './quote.ts';

export type { RuleParameters } from './parameterTable.ts';

/**
 * Reads AWS Config's InputParameters: an object of strings.
 *
 * An empty string is the same as a parameter that is left out, because a template cannot leave one out. Spaces around a
 * value and around the entries of a list are dropped.
 *
 * @throws InvalidParameterError naming parameter, value and what is accepted
 */
export function parseParameters(raw: unknown): RuleParameters {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new InvalidParameterError('ruleParameters', `is ${quote(raw)}, accepted is a JSON object of strings`);
  const given = new Map(Object.entries(raw));
  for (const [name, value] of given) refuseUnknown(name, value);
  const read = PARAMETER_NAMES.map((name) => [name, readParameter(name, given.get(name)) ?? PARAMETERS[name].default]);
  // INVARIANT: each member is of the type that its row's format and default give it.
  const parameters = Object.fromEntries(read) as RuleParameters;
  return { ...parameters, keyReaderRoleName: parameters.keyReaderRoleName ?? parameters.memberRoleName };
}

/** The parameters as AWS Config's InputParameters would give them, those that were left out too; `null`: none. */
export function writeParameters(parameters: RuleParameters): Readonly<Record<ParameterName, string | null>> {
  const written = PARAMETER_NAMES.map((name) => {
    // A list is written with commas; an empty one is none.
    return [name, String(parameters[name] ?? '') || null];
  });
  // INVARIANT: each name is there.
  return Object.fromEntries(written) as Record<ParameterName, string | null>;
}

/** What the checks need of the parameters. */
export function checkOptions(parameters: RuleParameters): CheckOptions {
  const { allowedKmsKeys, trustedAccounts, trustedOrganizations, requireKeyRotation, ...others } = parameters;
  const { requiredReaders, deliveryEvidenceHours, deliveryWindowHours } = others;
  return {
    allowedKmsKeys,
    trustedAccounts,
    trustedOrganizations,
    requireKeyRotation,
    requiredReaders,
    deliveryEvidenceHours,
    deliveryWindowHours,
  };
}

function refuseUnknown(name: string, value: unknown): void {
  if (!Object.hasOwn(PARAMETERS, name))
    throw new InvalidParameterError(
      name.slice(0, 64),
      `is no parameter of this rule (its value is ${quote(value)}), accepted are ${quoteAll(PARAMETER_NAMES)}`,
    );
}

function readParameter(name: ParameterName, value: unknown): unknown {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value.trim() : null;
  if (text === '') return null;
  const { format }: ParameterRow<unknown> = PARAMETERS[name];
  const read = text === null ? null : format.read(text);
  if (read === null) {
    const refused = text === null ? value : (format.refused?.(text) ?? value);
    throw new InvalidParameterError(
      name,
      `${refused === value ? 'is' : 'holds'} ${quote(refused)}, accepted is ${format.accepted}`,
    );
  }
  return read;
}
