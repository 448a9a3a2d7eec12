import { CHECK_IDS, type CheckId, isCheckId } from '../trail/checks/index.ts';
import { SEVERITIES, type Severity } from '../trail/severity.ts';
import { quoteAll } from './quote.ts';

/** What a template accepts where a parameter is not left empty: AllowedPattern, and ConstraintDescription in words. */
interface TemplatePattern {
  readonly pattern: string;
  readonly constraint: string;
}

/** How the text of a parameter is read. */
export interface ParameterFormat<T> {
  /** What is accepted, for the error message. */
  readonly accepted: string;
  /** The value; `null` where the text is not accepted. */
  readonly read: (text: string) => T | null;
  /** The part of a text that is not accepted, where one can be named. */
  readonly refused?: (text: string) => string | undefined;
  /** Every text that is accepted, where they can be listed. */
  readonly values?: readonly string[];
  readonly template?: TemplatePattern;
}

export const oneOf = <const T extends string>(values: readonly T[]): ParameterFormat<T> => ({
  values,
  accepted: `one of ${quoteAll(values)}`,
  read: (text) => values.find((value) => value === text) ?? null,
});

export const severity: ParameterFormat<Severity> = oneOf(SEVERITIES);

export const yesOrNo: ParameterFormat<boolean> = {
  values: ['false', 'true'],
  accepted: 'the text `true` or `false`',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : null),
};

export const hours: ParameterFormat<number> = {
  accepted: 'a number of hours, such as `6`, where `0` turns it off',
  read: (text) => (/^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : null),
  template: {
    pattern: '[0-9]{1,6}(\\.[0-9]{1,6})?',
    constraint: 'a number of hours; 0 turns it off',
  },
};

const matching = (pattern: RegExp, accepted: string, template: TemplatePattern): ParameterFormat<string> => ({
  accepted,
  read: (text) => (pattern.test(text) ? text : null),
  template,
});

/** A comma-separated list, each entry once. */
const listOf = <T extends string>(
  isEntry: (text: string) => text is T,
  accepted: string,
  entry: TemplatePattern,
): ParameterFormat<readonly T[]> => ({
  accepted: `a comma-separated list of ${accepted}`,
  read: (text) => {
    const entries = [...new Set(text.split(',').map((entry) => entry.trim()))];
    return entries.every(isEntry) ? entries : null;
  },
  template: { pattern: `${entry.pattern}(, ?${entry.pattern})*`, constraint: entry.constraint },
});

const listMatching = (pattern: RegExp, accepted: string, entry: TemplatePattern): ParameterFormat<readonly string[]> =>
  listOf((text): text is string => pattern.test(text), accepted, entry);

export const accountIds = listMatching(/^\d{12}$/, 'account ids of twelve digits', {
  pattern: '[0-9]{12}',
  constraint: 'account ids of twelve digits separated by commas',
});

export const organizationIds = listMatching(/^o-[a-z0-9]{10,32}$/, 'organization ids, such as `o-exampleorgid`', {
  pattern: 'o-[a-z0-9]{10,32}',
  constraint: 'organization ids separated by commas',
});

export const keyArnPatterns = listMatching(
  /^arn:[a-z*-]+:kms:[a-z0-9*-]+:[\d*]{1,12}:key\/[A-Za-z0-9*-]+$/,
  'key ARNs, in which `*` stands for any characters, such as `arn:aws:kms:*:111122223333:key/*`',
  {
    pattern: 'arn:[a-z*-]+:kms:[A-Za-z0-9*:/-]+',
    constraint: 'key ARNs separated by commas, in which * stands for any characters',
  },
);

/** Names of roles and users may hold commas, which separate entries here. */
const READER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/([\w+=.@-]+\/)*[\w+=.@-]{1,128}$/;

export const readerArns: ParameterFormat<readonly string[]> = {
  ...listMatching(READER_ARN, 'ARNs of roles and users, such as `arn:aws:iam::111122223333:role/siem`', {
    pattern: 'arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=.@/-]+',
    constraint: 'ARNs of roles and users separated by commas',
  }),
  refused: (text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .find((entry) => !READER_ARN.test(entry)),
};

export const checkIds: ParameterFormat<readonly CheckId[]> = listOf(isCheckId, `check ids: ${quoteAll(CHECK_IDS)}`, {
  pattern: '[a-z-]+',
  constraint: 'ids of checks separated by commas',
});

/** IAM's role names, with the path that assuming the role needs (IAM User Guide, "IAM and AWS STS quotas"). */
export const roleName = matching(
  /^\/?([\w+=,.@-]{1,128}\/){0,8}[\w+=,.@-]{1,64}$/,
  'the name of a role, with its path where it has one, and never an ARN',
  {
    pattern: '([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}',
    constraint: 'the name of a role, with its path where it has one, without a slash in front',
  },
);

export const aggregatorName = matching(/^[\w-]{1,256}$/, 'the name of an AWS Config aggregator, and never an ARN', {
  pattern: '[A-Za-z0-9_-]{1,256}',
  constraint: 'the name of an AWS Config aggregator',
});

export const parameterName = matching(
  /^(?=.{1,1011}$)\/?([\w.-]+\/)*[\w.-]*$/,
  'the name of an SSM parameter, or a path that ends in `/`',
  {
    pattern: '/([A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*',
    constraint: 'the name of an SSM parameter that starts with /, or a path that ends in /',
  },
);
