import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Reading, read, unread } from '../trail/facts.ts';
import type { Access, Home } from './access.ts';
import type { Call } from './errors.ts';
import { memoize, once } from './memo.ts';
import { required } from './required.ts';

interface Organization {
  readonly id: string;
  readonly managementAccount: string | null;
}

/**
 * Reads which accounts belong to the organization of the function's own account, without any role in them. Accounts
 * beside its own and the management account are asked for with DescribeAccount, which answers in the management account
 * and in delegated administrators (AWS Organizations API Reference, DescribeAccount).
 *
 * @returns the organization's id for a member; unread for every other account
 */
export function membershipReader(
  { session, clients }: Access,
  place: Home,
): (accountId: string) => Promise<Reading<string>> {
  const client = () => clients.get(OrganizationsClient, place.region);
  const callOf = (operation: string, accountId: string): Call => ({
    service: 'Organizations',
    operation,
    permission: `organizations:${operation}`,
    subject: `account ${accountId}`,
    region: place.region,
  });

  const own = once(async (): Promise<Reading<Organization>> => {
    const call = callOf('DescribeOrganization', place.accountId);
    const answer = await session.ask(call, (options) => client().send(new DescribeOrganizationCommand({}), options));
    if (!answer.ok) {
      if (answer.refusal.code === 'AWSOrganizationsNotInUseException')
        return unread('not-found', `account ${place.accountId} belongs to no organization`);
      return session.unreadOrThrow(call, answer.refusal);
    }
    const organization = required(call, answer.output, 'Organization');
    return read({ id: required(call, organization, 'Id'), managementAccount: organization.MasterAccountId ?? null });
  });

  return memoize(async (accountId) => {
    const organization = await own();
    if (!organization.read) return organization;
    const { id, managementAccount } = organization.value;
    if (accountId === place.accountId || accountId === managementAccount) return read(id);
    const call = callOf('DescribeAccount', accountId);
    const answer = await session.ask(call, (options) =>
      client().send(new DescribeAccountCommand({ AccountId: accountId }), options),
    );
    const stranger = unread('not-found', `account ${accountId} does not belong to organization ${id}`);
    if (!answer.ok) {
      if (answer.refusal.code === 'AccountNotFoundException') return stranger;
      return session.unreadOrThrow(call, answer.refusal);
    }
    return required(call, answer.output, 'Account').Id === accountId ? read(id) : stranger;
  });
}
