import {
  type Account,
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  type Organization,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { isErrorMember, type Member, type OrganizationEntry } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import type { Call } from '../errors.ts';
import { required } from '../required.ts';
import { collectPages } from '../session.ts';
import { readMember } from './member.ts';

/** No organization is an answer too. */
export const NOT_IN_USE = 'AWSOrganizationsNotInUseException';

/**
 * The organization of the account that signs: DescribeOrganization answers for no other, and in every member account (AWS
 * Organizations API Reference, DescribeOrganization).
 */
export function describeOrganization(access: Access, region: string): Promise<Member<Organization>> {
  const call = organizationsCall('DescribeOrganization', `account ${access.session.accountId}`, region);
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
  const call = organizationsCall('DescribeOrganization', `account ${AccountId}`, region);
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
  const call = organizationsCall('DescribeOrganization', `account ${AccountId}`, region);
  const why = `the organization of account ${AccountId} is not read: ${closed}`;
  return { AccountId, Id: session.notRead(call, 'NotEntered', why), ManagementAccountId: null };
}

/** An account of the caller's organization; only the management account and delegated administrators may ask. */
export function describeAccount(access: Access, AccountId: string, region: string): Promise<Member<Account>> {
  const call = organizationsCall('DescribeAccount', `account ${AccountId}`, region);
  return readMember(
    access,
    call,
    (options) =>
      access.clients.get(OrganizationsClient, region).send(new DescribeAccountCommand({ AccountId }), options),
    (answer) => required(call, answer, 'Account'),
    new Set(['AccountNotFoundException']),
  );
}

/**
 * The active accounts of the caller's organization. Only the management account and delegated administrators may ask.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function organizationAccounts({ session, clients }: Access, region: string): Promise<readonly string[]> {
  const call = organizationsCall('ListAccounts', 'the organization', region);
  const accounts = await collectPages<Account>(call, async (NextToken) => {
    const page = await session.demand(call, (options) =>
      clients.get(OrganizationsClient, region).send(new ListAccountsCommand(NextToken ? { NextToken } : {}), options),
    );
    return { items: required(call, page, 'Accounts'), next: page.NextToken };
  });
  // `State` takes the place of `Status` (AWS Organizations API Reference, Account); older endpoints know `Status` alone.
  return accounts
    .filter((account) => (account.State ?? required(call, account, 'Status')) === 'ACTIVE')
    .map((account) => required(call, account, 'Id'))
    .toSorted();
}

export const organizationsCall = (operation: string, subject: string, region: string): Call => ({
  service: 'Organizations',
  operation,
  permission: `organizations:${operation}`,
  subject,
  region,
});
