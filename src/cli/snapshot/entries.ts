import { bucketFacts } from '../../facts/buckets.ts';
import { keyParts } from '../../facts/keys.ts';
import { type ErrorMember, isErrorMember } from '../../facts/members.ts';
import { LIST_POLICIES, organizationId, resourceControlPolicies } from '../../facts/organizations.ts';
import { readingOf, unreadError } from '../../facts/readings.ts';
import { type KeyPolicyParse, parseKeyPolicy } from '../../policy/parse.ts';
import { read } from '../../trail/facts.ts';
import { BadInput } from '../errors.ts';
import type { RawBucketEntry, RawKeyEntry, RawOrganizationEntry, RawPoliciesEntry } from './schema.ts';
import type { Snapshot } from './snapshot.ts';

/** A policy document of the snapshot, with the place where it stands: `keys[0].Policy`. */
type ParsePolicy = (document: unknown, place: string) => KeyPolicyParse;

/** Parses each policy; one whose JSON gives a member twice is not valid, whatever JSON.parse kept of it. */
export function policyParser(duplicates: readonly string[]): ParsePolicy {
  return (document, place) => {
    const duplicate = duplicates.find((path) => path.startsWith(`${place}.`));
    if (duplicate === undefined) return parseKeyPolicy(document);
    return { valid: false, error: `the member \`${duplicate.slice(place.length + 1)}\` is given twice` };
  };
}

/** Makes what an entry tells of one thing; whoever reads many snapshots keeps what was made of an equal entry. */
export type ConvertEntry = <T>(list: string, name: string, entry: unknown, convert: () => T) => T;

export const convertEach: ConvertEntry = (_list, _name, _entry, convert) => convert();

/** The keys of a snapshot by ARN. */
export function keysOf(
  entries: ErrorMember | readonly RawKeyEntry[],
  parsePolicy: ParsePolicy,
  convertEntry: ConvertEntry,
): Snapshot['keys'] {
  if (isErrorMember(entries)) return unreadError(entries.Error, 'kms:ListKeys');
  return read(
    indexBy(
      'keys',
      entries,
      arnOf,
      (entry, index) =>
        keyParts({ ...entry, KeyArn: arnOf(entry, index) }, (document, member) =>
          parsePolicy(document, `keys[${index}].${member}`),
        ),
      convertEntry,
    ),
  );
}

function arnOf(entry: RawKeyEntry, index: number): string {
  const described = isErrorMember(entry.KeyMetadata) ? null : (entry.KeyMetadata?.Arn ?? null);
  const arn = entry.KeyArn ?? described;
  if (arn !== null) return arn;
  const missing = entry.KeyMetadata === null || isErrorMember(entry.KeyMetadata) ? 'KeyArn' : 'KeyMetadata.Arn';
  throw new BadInput(`\`keys[${index}].${missing}\` is missing`);
}

/** The buckets of a snapshot by name. */
export function bucketsOf(
  entries: readonly RawBucketEntry[] | ErrorMember | null,
  parsePolicy: ParsePolicy,
  convertEntry: ConvertEntry,
): Snapshot['buckets'] {
  return readingOf(entries, 'any buckets', 's3:ListAllMyBuckets', (buckets: readonly RawBucketEntry[]) =>
    indexBy(
      'buckets',
      buckets,
      ({ Name }) => Name,
      (entry, index) => read(bucketFacts(entry, (document) => parsePolicy(document, `buckets[${index}].Policy`))),
      convertEntry,
    ),
  );
}

/** Resource control policies by the account that they apply to. */
export function resourceControlPoliciesOf(
  entries: readonly RawPoliciesEntry[] | ErrorMember | null,
  parsePolicy: ParsePolicy,
  convertEntry: ConvertEntry,
): Snapshot['resourceControlPolicies'] {
  const list = 'resourceControlPolicies';
  const policiesOf = (entry: RawPoliciesEntry, account: number) =>
    resourceControlPolicies(entry, (document, index) =>
      parsePolicy(document, `${list}[${account}].Policies[${index}]`),
    );
  const convert = (accounts: readonly RawPoliciesEntry[]) =>
    indexBy(list, accounts, accountOf, policiesOf, convertEntry);
  return readingOf(entries, 'any resource control policies', LIST_POLICIES, convert);
}

/** The organizations of accounts, and the accounts known to manage one. */
export function organizationsOf(
  entries: readonly RawOrganizationEntry[] | ErrorMember | null,
  trails: Snapshot['trails'],
): Pick<Snapshot, 'organizations' | 'managementAccounts'> {
  const listed = entries === null || isErrorMember(entries) ? [] : entries;
  return {
    organizations: indexBy('organizations', listed, accountOf, organizationId),
    managementAccounts: new Set([
      ...listed.flatMap(({ ManagementAccountId }) => (ManagementAccountId === null ? [] : [ManagementAccountId])),
      // The ARN of an organization trail holds the management account, whoever made the trail.
      ...trails.filter(({ description }) => description.isOrganization).map(({ description }) => description.accountId),
    ]),
  };
}

const accountOf = ({ AccountId }: { readonly AccountId: string }): string => AccountId;

/** Indexes a list by a name that must be unique; an exact repetition is dropped. */
function indexBy<T, U>(
  list: string,
  entries: readonly T[],
  nameOf: (entry: T, index: number) => string,
  convert: (entry: T, index: number) => U,
  convertEntry = convertEach,
): ReadonlyMap<string, U> {
  const seen = new Map<string, T>();
  const converted = new Map<string, U>();
  entries.forEach((entry, index) => {
    const name = nameOf(entry, index);
    const earlier = seen.get(name);
    if (earlier === undefined) {
      seen.set(name, entry);
      converted.set(
        name,
        convertEntry(list, name, entry, () => convert(entry, index)),
      );
    } else if (JSON.stringify(earlier) !== JSON.stringify(entry)) {
      throw new BadInput(`\`${list}[${index}]\` describes \`${name}\` again, and differently`);
    }
  });
  return converted;
}
