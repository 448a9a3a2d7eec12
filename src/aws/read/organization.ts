import { DescribeOrganizationCommand, type Organization, OrganizationsClient } from '@aws-sdk/client-organizations';
import { isErrorMember, type Member, type OrganizationEntry } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { readMember } from './member.ts';

/** No organization is an answer too. */
export const NOT_IN_USE = 'AWSOrganizationsNotInUseException';

/**
 * The organization of the account that signs: DescribeOrganization answers for no other, and in every member account (AWS
 * Organizations API Reference, DescribeOrganization).
 */
export function describeOrganization(access: Access, region: string): Promise<Member<Organization>> {
  const call = callOf('Organizations', 'DescribeOrganization', `account ${access.session.accountId}`, region);
  return readMember(
    access,
    call,
    (options) => access.clients.get(OrganizationsClient, region).send(new DescribeOrganizationCommand({}), options),
    (answer) => required(call, answer, 'Organization'),
    new Set([NOT_IN_USE]),
  );
}

export async function readOrganization(access: Access, region: string): Promise<OrganizationEntry> {
  const AccountId = access.session.accountId;
  const organization = await describeOrganization(access, region);
  if (isErrorMember(organization)) return { AccountId, Id: organization, ManagementAccountId: null };
  const call = callOf('Organizations', 'DescribeOrganization', `account ${AccountId}`, region);
  const Id = required(call, organization, 'Id');
  return { AccountId, Id, ManagementAccountId: organization.MasterAccountId || null };
}

/** What stands for an account that there is no way into. */
export function organizationNotRead(
  { session }: Access,
  AccountId: string,
  closed: string,
  region: string,
): OrganizationEntry {
  const call = callOf('Organizations', 'DescribeOrganization', `account ${AccountId}`, region);
  const why = `the organization of account ${AccountId} is not read: ${closed}`;
  return { AccountId, Id: session.notRead(call, 'NotEntered', why), ManagementAccountId: null };
}
