import type { KeyPolicyParse } from '../../policy/parse.ts';
import { type BucketEncryption, type BucketFacts, type Reading, read, unread } from '../../trail/facts.ts';
import { BadInput } from '../errors.ts';
import type { ParsePolicy } from './keys.ts';
import { type ErrorMember, isErrorMember } from './members.ts';
import { indexBy, isError, readingOf, unreadError } from './readings.ts';
import type { RawBucketEntry, RawOrganizationEntry, RawPoliciesEntry } from './schema.ts';
import type { Snapshot } from './snapshot.ts';

/** The buckets of a snapshot by name. */
export function bucketsOf(entries: readonly RawBucketEntry[] | ErrorMember | null): Snapshot['buckets'] {
  return readingOf(entries, 'any buckets', 's3:ListAllMyBuckets', (buckets) =>
    indexBy(buckets, ({ Name }) => Name, bucketOf, conflict('buckets')),
  );
}

function bucketOf(entry: RawBucketEntry): Reading<BucketFacts> {
  const whole: ErrorMember | null = entry.Error === null ? null : { Error: entry.Error };
  return read({
    region: readingOf(entry.Region ?? whole, `the Region of bucket \`${entry.Name}\``, 's3:HeadBucket', (name) => name),
    encryption: encryptionOf(entry, whole),
  });
}

function encryptionOf(entry: RawBucketEntry, whole: ErrorMember | null): Reading<BucketEncryption> {
  const permission = 's3:GetEncryptionConfiguration';
  const algorithm = entry.SSEAlgorithm ?? whole;
  const bucketKey = entry.BucketKeyEnabled ?? whole;
  if (isErrorMember(algorithm)) return unreadError(algorithm.Error, permission);
  if (isErrorMember(bucketKey)) return unreadError(bucketKey.Error, permission);
  if (algorithm === null && bucketKey === null) {
    return unread('not-told', `the snapshot does not hold the default encryption of bucket \`${entry.Name}\``);
  }
  // A Bucket Key that is on without a named algorithm counts as one: only `aws:kms` makes use of it.
  return read({ algorithm: algorithm ?? (bucketKey ? 'aws:kms' : null), bucketKeyEnabled: bucketKey });
}

/** Resource control policies by the account that they apply to. */
export function resourceControlPoliciesOf(
  entries: readonly RawPoliciesEntry[] | ErrorMember | null,
  parsePolicy: ParsePolicy,
): Snapshot['resourceControlPolicies'] {
  return readingOf(entries, 'any resource control policies', LIST_POLICIES, (accounts) =>
    indexBy(
      accounts,
      ({ AccountId }) => AccountId,
      (entry, account) => policiesOf(entry, `resourceControlPolicies[${account}].Policies`, parsePolicy),
      conflict('resourceControlPolicies'),
    ),
  );
}

const LIST_POLICIES = 'organizations:ListPoliciesForTarget';

function policiesOf(
  entry: RawPoliciesEntry,
  place: string,
  parsePolicy: ParsePolicy,
): Reading<readonly KeyPolicyParse[]> {
  const policies = entry.Policies ?? (entry.Error === null ? null : { Error: entry.Error });
  const what = `the resource control policies of account \`${entry.AccountId}\``;
  return readingOf<readonly unknown[], readonly KeyPolicyParse[]>(policies, what, LIST_POLICIES, (documents) =>
    documents.map((document, index) =>
      // One that could not be read must not hide a Deny of the others: it counts as one that cannot be evaluated.
      isErrorMember(document)
        ? { valid: false, error: unreadError(document.Error, 'organizations:DescribePolicy').reason }
        : parsePolicy(document, `${place}[${index}]`),
    ),
  );
}

/** The organizations of accounts, and the accounts known to manage one. */
export function organizationsOf(
  entries: readonly RawOrganizationEntry[] | ErrorMember | null,
  trails: Snapshot['trails'],
): Pick<Snapshot, 'organizations' | 'managementAccounts'> {
  const listed = entries === null || isErrorMember(entries) ? [] : entries;
  return {
    organizations: indexBy(listed, ({ AccountId }) => AccountId, organizationOf, conflict('organizations')),
    managementAccounts: new Set([
      ...listed.flatMap(({ ManagementAccountId }) => (ManagementAccountId === null ? [] : [ManagementAccountId])),
      // The ARN of an organization trail holds the management account, whoever made the trail.
      ...trails.filter(({ description }) => description.isOrganization).map(({ description }) => description.accountId),
    ]),
  };
}

function organizationOf(entry: RawOrganizationEntry): Reading<string | null> {
  const id = entry.Id ?? (entry.Error === null ? null : { Error: entry.Error });
  if (isErrorMember(id) && isError(id.Error, 'AWSOrganizationsNotInUseException')) return read(null);
  return readingOf(
    id,
    `the organization of account \`${entry.AccountId}\``,
    'organizations:DescribeOrganization',
    String,
  );
}

function conflict(list: string) {
  return (name: string, index: number): never => {
    throw new BadInput(`\`${list}[${index}]\` describes \`${name}\` again, and differently`);
  };
}
