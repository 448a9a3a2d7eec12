import { DescribeAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Access, Home } from './access.ts';
import { callOf } from './errors.ts';
import { Aging, keptWith } from './kept.ts';
import { memoize } from './memo.ts';
import { required } from './required.ts';

/** Accounts beside its own that the function takes events from and assumes roles in. */
export interface ExpectedAccounts {
  readonly accounts: readonly string[];
  /** The id of an organization, whose every account is expected; `null`: no organization's. */
  readonly organizationId: string | null;
}

/** How long an account counts as the organization's before AWS Organizations is asked again, in milliseconds. */
const MEMBERSHIP_AGE = 60 * 60_000;

const keptMembers = keptWith(() => new Aging<true>(MEMBERSHIP_AGE));

/**
 * Whether an account is expected: `null`, or else why it is not, as a sentence part for a person. Asked only where
 * accounts or an organization are set.
 *
 * Membership is asked of AWS Organizations with the function's own credentials, so the function must live in the
 * management account or a delegated administrator (AWS Organizations API Reference, DescribeAccount).
 *
 * The answer throws InfrastructureError where AWS Organizations cannot be asked: nobody is accepted on trust.
 */
export function unexpectedReason(
  home: Access,
  place: Home,
  expected: ExpectedAccounts,
): (accountId: string) => Promise<string | null> {
  const members = keptMembers(home.clients);
  const { accounts, organizationId } = expected;
  return memoize(async (accountId) => {
    if (accountId === place.accountId || accounts.includes(accountId)) return null;
    if (organizationId === null) {
      return `account ${accountId} is not in EXPECTED_ACCOUNTS`;
    }
    if (members.get(`${organizationId} ${accountId}`)) return null;
    if (!(await isMember(home, place, organizationId, accountId))) {
      return `account ${accountId} is not in organization ${organizationId}, the function's EXPECTED_ORGANIZATION`;
    }
    members.set(`${organizationId} ${accountId}`, true);
    return null;
  });
}

/** An account's ARN holds the organization: `arn:aws:organizations::MANAGEMENT:account/o-exampleorgid/111122223333`. */
async function isMember(home: Access, place: Home, organizationId: string, accountId: string): Promise<boolean> {
  const call = callOf('Organizations', 'DescribeAccount', `account ${accountId}`, place.region);
  const answer = await home.session.ask(call, (options) =>
    home.clients
      .get(OrganizationsClient, place.region)
      .send(new DescribeAccountCommand({ AccountId: accountId }), options),
  );
  if (!answer.ok && NO_MEMBER.has(answer.refusal.code)) return false;
  const Account = required(call, home.session.outputOrThrow(call, answer), 'Account');
  return Account.Id === accountId && required(call, Account, 'Arn').endsWith(`:account/${organizationId}/${accountId}`);
}

const NO_MEMBER: ReadonlySet<string> = new Set(['AccountNotFoundException', 'AWSOrganizationsNotInUseException']);
