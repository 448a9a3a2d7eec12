import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Account, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Access } from '../../aws/access.ts';
import { type Call, InfrastructureError } from '../../aws/errors.ts';
import { required } from '../../aws/required.ts';
import { collectPages } from '../../aws/session.ts';

/**
 * The Regions that are enabled in an account, sorted. EC2 shows only enabled Regions unless it is asked for all.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function enabledRegions({ session, clients }: Access, region: string): Promise<readonly string[]> {
  const call: Call = {
    service: 'EC2',
    operation: 'DescribeRegions',
    permission: 'ec2:DescribeRegions',
    subject: `account ${session.accountId}`,
    region,
  };
  const listed = await session.demand(call, (options) =>
    clients.get(EC2Client, region).send(new DescribeRegionsCommand({}), options),
  );
  const names = required(call, listed, 'Regions').map((listedRegion) => required(call, listedRegion, 'RegionName'));
  // Every account has enabled Regions: without any, nothing would be read and nothing be missing.
  if (names.length === 0) throw new InfrastructureError(call, 'EC2 named no Region');
  return names.toSorted();
}

/**
 * The active accounts of the caller's organization. Only the management account and delegated administrators may ask.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function organizationAccounts({ session, clients }: Access, region: string): Promise<readonly string[]> {
  const call: Call = {
    service: 'Organizations',
    operation: 'ListAccounts',
    permission: 'organizations:ListAccounts',
    subject: 'the organization',
    region,
  };
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
