import { CHECK_IDS, type CheckId, isCheckId } from '../trail/checks/index.ts';
import { SEVERITIES, type Severity } from '../trail/severity.ts';
import { quoteAll } from './quote.ts';

/** How the text of a parameter is read. */
export interface Reader<T> {
  /** What is accepted, for the error message. */
  readonly accepted: string;
  /** The value; `null` where the text is not accepted. */
  readonly read: (text: string) => T | null;
}

export const oneOf = <const T extends string>(values: readonly T[]): Reader<T> => ({
  accepted: `one of ${quoteAll(values)}`,
  read: (text) => values.find((value) => value === text) ?? null,
});

export const severity: Reader<Severity> = oneOf(SEVERITIES);

export const yesOrNo: Reader<boolean> = {
  accepted: 'the text `true` or `false`',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : null),
};

export const hours: Reader<number> = {
  accepted: 'a number of hours, such as `6`, where `0` turns delivery evidence off',
  read: (text) => (/^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : null),
};

const matching = (pattern: RegExp, accepted: string): Reader<string> => ({
  accepted,
  read: (text) => (pattern.test(text) ? text : null),
});

/** A comma-separated list, each entry once. */
const listOf = <T extends string>(isEntry: (text: string) => text is T, accepted: string): Reader<readonly T[]> => ({
  accepted: `a comma-separated list of ${accepted}`,
  read: (text) => {
    const entries = [...new Set(text.split(',').map((entry) => entry.trim()))];
    return entries.every(isEntry) ? entries : null;
  },
});

const listMatching = (pattern: RegExp, accepted: string): Reader<readonly string[]> =>
  listOf((text): text is string => pattern.test(text), accepted);

export const accountIds = listMatching(/^\d{12}$/, 'account ids of twelve digits');

export const organizationIds = listMatching(/^o-[a-z0-9]{10,32}$/, 'organization ids, such as `o-exampleorgid`');

export const keyArnPatterns = listMatching(
  /^arn:[a-z*-]+:kms:[a-z0-9*-]+:[\d*]{1,12}:key\/[A-Za-z0-9*-]+$/,
  'key ARNs, in which `*` stands for any characters, such as `arn:aws:kms:*:111122223333:key/*`',
);

export const checkIds: Reader<readonly CheckId[]> = listOf(isCheckId, `check ids: ${quoteAll(CHECK_IDS)}`);

/** IAM's role names, with the path that assuming the role needs (IAM User Guide, "IAM and AWS STS quotas"). */
export const roleName = matching(
  /^\/?([\w+=,.@-]{1,128}\/){0,8}[\w+=,.@-]{1,64}$/,
  'the name of a role, with its path where it has one, and never an ARN',
);

export const aggregatorName = matching(/^[\w-]{1,256}$/, 'the name of an AWS Config aggregator, and never an ARN');

export const parameterName = matching(
  /^(?=.{1,1011}$)\/?([\w.-]+\/)*[\w.-]*$/,
  'the name of an SSM parameter, or a path that ends in `/`',
);
