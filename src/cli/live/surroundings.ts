import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Access } from '../../aws/access.ts';
import { bucketReader } from '../../aws/buckets.ts';
import type { Call } from '../../aws/errors.ts';
import { required } from '../../aws/required.ts';
import { resourceControlPolicyReader } from '../../aws/resourceControlPolicies.ts';
import type { Reading, TrailDescription } from '../../trail/facts.ts';
import { messageOf } from '../io.ts';
import {
  type BucketEntry,
  isUnreadable,
  type Member,
  type OrganizationEntry,
  type PoliciesEntry,
  unreadable,
} from './document.ts';
import { type Reach, readMember } from './reach.ts';
import type { FoundTrail } from './trails.ts';

/** A reason in the place of a member: what was read is no single answer of an AWS API's. */
const NOT_READ = 'NotRead';

/** A trail's bucket: its Region and its default encryption, `null` where there is no trail to ask with. */
export async function readBucket(access: Access, trail: FoundTrail, name: string): Promise<BucketEntry> {
  const asked: Pick<TrailDescription, 'partition' | 'homeRegion' | 'bucketName'> = trail;
  const bucket = await bucketReader(access).bucket(asked as TrailDescription);
  const region = bucket.read ? bucket.value.region : bucket;
  const encryption = bucket.read ? bucket.value.encryption : bucket;
  return {
    Name: name,
    Region: memberOf(region),
    SSEAlgorithm: encryption.read ? encryption.value.algorithm : memberOf(encryption),
    BucketKeyEnabled: encryption.read ? encryption.value.bucketKeyEnabled : memberOf(encryption),
  };
}

const memberOf = <T>(reading: Reading<T>): Member<T> =>
  reading.read ? reading.value : unreadable(NOT_READ, reading.reason);

/** No organization is an answer too. */
const ANSWERS: ReadonlySet<string> = new Set(['AWSOrganizationsNotInUseException']);

/** The organization of the account that signs: DescribeOrganization answers for no other. */
export async function readOrganization(access: Access, region: string): Promise<OrganizationEntry> {
  const AccountId = access.session.accountId;
  const call: Call = {
    service: 'Organizations',
    operation: 'DescribeOrganization',
    permission: 'organizations:DescribeOrganization',
    subject: `account ${AccountId}`,
    region,
  };
  const organization = await readMember(
    access,
    call,
    (options) => access.clients.get(OrganizationsClient, region).send(new DescribeOrganizationCommand({}), options),
    (answer) => {
      const organization = required(call, answer, 'Organization');
      return { Id: required(call, organization, 'Id'), ManagementAccountId: organization.MasterAccountId || null };
    },
    ANSWERS,
  );
  return isUnreadable(organization)
    ? { AccountId, Id: organization, ManagementAccountId: null }
    : { AccountId, ...organization };
}

/**
 * The resource control policies of accounts, as far as the caller may ask for them.
 *
 * Whatever goes wrong leaves them unread, which the findings say: the trail can be judged all the same.
 */
export function policiesReader({ own, home }: Reach): (accountId: string) => Promise<PoliciesEntry> {
  const read = resourceControlPolicyReader(own, home);
  return async (AccountId) => {
    try {
      const policies = await read(AccountId);
      if (!policies.read) return { AccountId, Policies: memberOf(policies) };
      return {
        AccountId,
        Policies: policies.value.map((parsed) =>
          parsed.valid
            ? (parsed.policy.text ?? JSON.stringify(parsed.policy.document))
            : unreadable(NOT_READ, parsed.error),
        ),
      };
    } catch (error) {
      return { AccountId, Policies: unreadable(NOT_READ, messageOf(error)) };
    }
  };
}
