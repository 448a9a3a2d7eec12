import {
  type Account,
  DescribeAccountCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { Member } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { required } from '../required.ts';
import { collectPages } from '../session.ts';
import { readMember } from './member.ts';

/** An account of the caller's organization; only the management account and delegated administrators may ask. */
export function describeAccount(access: Access, AccountId: string, region: string): Promise<Member<Account>> {
  const call = callOf('Organizations', 'DescribeAccount', `account ${AccountId}`, region);
  return readMember(
    access,
    call,
    (options) =>
      access.clients.get(OrganizationsClient, region).send(new DescribeAccountCommand({ AccountId }), options),
    (answer) => required(call, answer, 'Account'),
    new Set(['AccountNotFoundException']),
  );
}

/** An account with the name that the organization knows it by. */
export interface ListedAccount {
  readonly AccountId: string;
  readonly Name: string | null;
}

/**
 * The active accounts of the caller's organization. Only the management account and delegated administrators may ask.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function organizationAccounts(
  { session, clients }: Access,
  region: string,
): Promise<readonly ListedAccount[]> {
  const call = callOf('Organizations', 'ListAccounts', 'the organization', region);
  const accounts = await collectPages<Account>(call, async (NextToken) => {
    const page = await session.demand(call, (options) =>
      clients.get(OrganizationsClient, region).send(new ListAccountsCommand(NextToken ? { NextToken } : {}), options),
    );
    return { items: required(call, page, 'Accounts'), next: page.NextToken };
  });
  // `State` takes the place of `Status` (AWS Organizations API Reference, Account); older endpoints know `Status` alone.
  return accounts
    .filter((account) => (account.State ?? required(call, account, 'Status')) === 'ACTIVE')
    .map((account) => ({ AccountId: required(call, account, 'Id'), Name: account.Name ?? null }))
    .toSorted((one, other) => (one.AccountId < other.AccountId ? -1 : 1));
}
