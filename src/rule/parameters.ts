import type { CheckId, CheckOptions, Severity } from '../trail/finding.ts';
import { InvalidParameterError } from './errors.ts';
import * as formats from './parameterFormats.ts';
import { quote, quoteAll } from './quote.ts';

/** The rule's parameters, checked, with their defaults. `null`: not set. */
export interface RuleParameters {
  /** Least severity of a failed check that makes the trail NON_COMPLIANT. */
  readonly minimumSeverity: Severity;
  /** The verdict while a decisive check is unknown. */
  readonly whenUndecided: 'NON_COMPLIANT' | 'COMPLIANT';
  /** 0: delivery settles nothing. */
  readonly deliveryEvidenceHours: number;
  readonly allowedKmsKeys: readonly string[] | null;
  readonly trustedAccounts: readonly string[];
  readonly trustedOrganizations: readonly string[] | null;
  readonly requireKeyRotation: boolean;
  readonly memberRoleName: string | null;
  /** `memberRoleName` where it is not set. */
  readonly keyReaderRoleName: string | null;
  readonly aggregatorName: string | null;
  readonly exceptionsParameter: string | null;
  readonly securityHubExclude: readonly CheckId[];
  /** What Config is told of an excepted trail. */
  readonly exceptedVerdict: 'NOT_APPLICABLE' | 'COMPLIANT';
}

type ParameterName = keyof RuleParameters;

/** How each parameter's text is read; `null` where it is not set. */
const READERS = {
  minimumSeverity: formats.severity,
  whenUndecided: formats.oneOf(['NON_COMPLIANT', 'COMPLIANT']),
  deliveryEvidenceHours: formats.hours,
  allowedKmsKeys: formats.keyArnPatterns,
  trustedAccounts: formats.accountIds,
  trustedOrganizations: formats.organizationIds,
  requireKeyRotation: formats.yesOrNo,
  memberRoleName: formats.roleName,
  keyReaderRoleName: formats.roleName,
  aggregatorName: formats.aggregatorName,
  exceptionsParameter: formats.parameterName,
  securityHubExclude: formats.checkIds,
  exceptedVerdict: formats.oneOf(['NOT_APPLICABLE', 'COMPLIANT']),
} satisfies { readonly [Name in ParameterName]: formats.Reader<NonNullable<RuleParameters[Name]>> };

export const PARAMETER_NAMES = Object.keys(READERS) as readonly ParameterName[];

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
  const read = <Name extends ParameterName>(name: Name) =>
    readParameter(name, given.get(name), READERS[name] as formats.Reader<NonNullable<RuleParameters[Name]>>);
  const memberRoleName = read('memberRoleName');
  return {
    minimumSeverity: read('minimumSeverity') ?? 'HIGH',
    whenUndecided: read('whenUndecided') ?? 'NON_COMPLIANT',
    deliveryEvidenceHours: read('deliveryEvidenceHours') ?? 6,
    allowedKmsKeys: read('allowedKmsKeys'),
    trustedAccounts: read('trustedAccounts') ?? [],
    trustedOrganizations: read('trustedOrganizations'),
    requireKeyRotation: read('requireKeyRotation') ?? false,
    memberRoleName,
    keyReaderRoleName: read('keyReaderRoleName') ?? memberRoleName,
    aggregatorName: read('aggregatorName'),
    exceptionsParameter: read('exceptionsParameter'),
    securityHubExclude: read('securityHubExclude') ?? [],
    exceptedVerdict: read('exceptedVerdict') ?? 'NOT_APPLICABLE',
  };
}

/** What the checks need of the parameters. */
export function checkOptions(parameters: RuleParameters): CheckOptions {
  const { allowedKmsKeys, trustedAccounts, trustedOrganizations, requireKeyRotation, deliveryEvidenceHours } =
    parameters;
  return { allowedKmsKeys, trustedAccounts, trustedOrganizations, requireKeyRotation, deliveryEvidenceHours };
}

function refuseUnknown(name: string, value: unknown): void {
  if (!Object.hasOwn(READERS, name))
    throw new InvalidParameterError(
      name.slice(0, 64),
      `is no parameter of this rule (its value is ${quote(value)}), accepted are ${quoteAll(PARAMETER_NAMES)}`,
    );
}

function readParameter<T>(name: ParameterName, value: unknown, reader: formats.Reader<T>): T | null {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value.trim() : null;
  if (text === '') return null;
  const read = text === null ? null : reader.read(text);
  if (read === null) throw new InvalidParameterError(name, `is ${quote(value)}, accepted is ${reader.accepted}`);
  return read;
}
