import * as formats from './parameterFormats.ts';

/** One parameter: everything that is told of it, in the code, on the pages and in the templates. */
export interface ParameterRow<T> {
  readonly format: formats.ParameterFormat<T>;
  /** The value where it is not set; `null`: none. */
  readonly default: T | null;
  /** What it is, as a part of a sentence. */
  readonly meaning: string;
  /** What an empty value stands for: words, or another parameter's name. */
  readonly emptyStandsFor?: string;
  readonly group: 'verdict' | 'accounts' | 'security-hub';
  /** Without effect where no live account is read. */
  readonly isForLiveAccounts?: true;
}

const row = <T, const D extends T | null>(parameter: ParameterRow<T> & { readonly default: D }) => parameter;

/** The rule's parameters, in the order in which they are shown: one row is all that a further one takes. */
export const PARAMETERS = {
  minimumSeverity: row({
    format: formats.severity,
    default: 'HIGH',
    meaning: 'least severity of a failed check that makes a trail NON_COMPLIANT',
    group: 'verdict',
  }),
  whenUndecided: row({
    format: formats.oneOf(['NON_COMPLIANT', 'COMPLIANT']),
    default: 'NON_COMPLIANT',
    meaning: 'verdict while a check without which nothing is proved is unknown',
    group: 'verdict',
  }),
  deliveryEvidenceHours: row({
    format: formats.hours,
    default: 6,
    meaning:
      'how recent a delivery without errors must be to settle what could not be read of the key; `0` turns it off',
    group: 'verdict',
  }),
  deliveryWindowHours: row({
    format: formats.hours,
    default: 24,
    meaning: 'how old the latest digest of a trail with log file validation may be; `0` turns it off',
    group: 'verdict',
  }),
  advisoryChecks: row({
    format: formats.checkIds,
    default: [],
    meaning: 'checks that are reported and never decide, separated by commas',
    group: 'verdict',
  }),
  allowedKmsKeys: row({
    format: formats.keyArnPatterns,
    default: null,
    meaning: 'approved keys, as ARNs with `*` allowed, separated by commas',
    emptyStandsFor: 'every key',
    group: 'verdict',
  }),
  trustedAccounts: row({
    format: formats.accountIds,
    default: [],
    meaning: "accounts that a key policy may allow, beside the key's and the trail's own",
    group: 'verdict',
  }),
  trustedOrganizations: row({
    format: formats.organizationIds,
    default: null,
    meaning: 'organizations whose accounts are no outsiders',
    emptyStandsFor: "the trail account's own",
    group: 'verdict',
  }),
  requireKeyRotation: row({
    format: formats.yesOrNo,
    default: false,
    meaning: 'whether automatic rotation of the key is required too',
    group: 'verdict',
  }),
  requiredReaders: row({
    format: formats.readerArns,
    default: [],
    meaning: 'roles and users that must be able to decrypt the logs, as ARNs separated by commas',
    group: 'verdict',
  }),
  memberRoleName: row({
    format: formats.roleName,
    default: null,
    meaning: 'role to assume in the account of a rule or trail that belongs to another account than the function',
    group: 'accounts',
    isForLiveAccounts: true,
  }),
  keyReaderRoleName: row({
    format: formats.roleName,
    default: null,
    meaning: 'role to assume in the account of a key that belongs to another account',
    emptyStandsFor: 'memberRoleName',
    group: 'accounts',
    isForLiveAccounts: true,
  }),
  aggregatorName: row({
    format: formats.aggregatorName,
    default: null,
    meaning: "AWS Config aggregator of the function's account and Region, asked for keys that cannot be read",
    group: 'accounts',
    isForLiveAccounts: true,
  }),
  exceptionsParameter: row({
    format: formats.parameterName,
    default: null,
    meaning:
      "SSM parameter of the function's account that holds the exceptions; a path that ends in `/` stands for every one under it",
    group: 'verdict',
    isForLiveAccounts: true,
  }),
  securityHubExclude: row({
    format: formats.checkIds,
    default: [],
    meaning: 'checks that are not imported into Security Hub, separated by commas',
    group: 'security-hub',
  }),
  exceptedVerdict: row({
    format: formats.oneOf(['NOT_APPLICABLE', 'COMPLIANT']),
    default: 'NOT_APPLICABLE',
    meaning: 'what AWS Config is told of an excepted trail',
    group: 'verdict',
  }),
};

export type ParameterName = keyof typeof PARAMETERS;

type ValueOf<Row> = Row extends { readonly format: formats.ParameterFormat<infer T>; readonly default: infer D }
  ? T | Extract<D, null>
  : never;

/** The rule's parameters, checked, with their defaults. `null`: not set. */
export type RuleParameters = { readonly [Name in ParameterName]: ValueOf<(typeof PARAMETERS)[Name]> };

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];
