import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { type Reading, read, unread } from '../trail/facts.ts';
import type { AwsClients } from './clients.ts';
import type { Call } from './errors.ts';
import { memoize } from './memo.ts';
import type { Session } from './session.ts';

/**
 * Reads the id of an account's organization, once. DescribeOrganization answers in every member account, and for the
 * caller's own account only.
 */
export function organizationReader(
  session: Session,
  clients: AwsClients,
  region: string,
): (accountId: string) => Promise<Reading<string | null>> {
  return memoize(async (accountId) => {
    if (accountId !== session.accountId) {
      return unread(`the organization of account ${accountId} is not read from account ${session.accountId}`);
    }
    const call: Call = {
      service: 'Organizations',
      operation: 'DescribeOrganization',
      permission: 'organizations:DescribeOrganization',
      subject: `account ${accountId}`,
      region,
    };
    const answer = await session.ask(call, (options) =>
      clients.get(OrganizationsClient, region).send(new DescribeOrganizationCommand({}), options),
    );
    if (answer.ok) {
      const id = answer.output.Organization?.Id;
      return id ? read(id) : unread('AWS Organizations answered without an organization id');
    }
    if (answer.refusal.code === 'AWSOrganizationsNotInUseException') return read(null);
    return session.unreadOrThrow(call, answer.refusal);
  });
}
