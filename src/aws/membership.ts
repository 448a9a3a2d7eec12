import { isErrorMember } from '../facts/members.ts';
import { organizationId } from '../facts/organizations.ts';
import { isError, unreadError } from '../facts/readings.ts';
import { type Reading, read, unread } from '../trail/facts.ts';
import type { Access, Home } from './access.ts';
import { memoize, once } from './memo.ts';
import { describeAccount } from './read/accounts.ts';
import { readOrganization } from './read/organization.ts';

/**
 * Reads which accounts belong to the organization of the function's own account, without any role in them. Accounts
 * beside its own and the management account are asked for with DescribeAccount, which answers in the management account
 * and in delegated administrators (AWS Organizations API Reference, DescribeAccount).
 *
 * @returns the organization's id for a member; unread for every other account
 */
export function membershipReader(access: Access, place: Home): (accountId: string) => Promise<Reading<string>> {
  const own = once(() => readOrganization(access, place.region));

  return memoize(async (accountId) => {
    const entry = await own();
    const id = organizationId(entry);
    if (!id.read) return id;
    if (id.value === null) return unread('not-found', `account ${place.accountId} belongs to no organization`);
    const member = read(id.value);
    if (accountId === place.accountId || accountId === entry.ManagementAccountId) return member;
    const account = await describeAccount(access, accountId, place.region);
    const stranger = unread('not-found', `account ${accountId} does not belong to organization ${id.value}`);
    if (!isErrorMember(account)) return account.Id === accountId ? member : stranger;
    if (isError(account.Error, 'AccountNotFoundException')) return stranger;
    return unreadError(account.Error, 'organizations:DescribeAccount');
  });
}
