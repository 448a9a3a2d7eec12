import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { type Reading, read } from '../trail/facts.ts';
import type { Access } from './access.ts';
import type { Call } from './errors.ts';
import { required } from './required.ts';

/**
 * Reads the id of the organization of the account that the requests are signed in; `null` when it belongs to none.
 * DescribeOrganization answers in every member account (AWS Organizations API Reference, DescribeOrganization).
 */
export async function readOrganizationId(
  { session, clients }: Access,
  region: string,
): Promise<Reading<string | null>> {
  const call: Call = {
    service: 'Organizations',
    operation: 'DescribeOrganization',
    permission: 'organizations:DescribeOrganization',
    subject: `account ${session.accountId}`,
    region,
  };
  const answer = await session.ask(call, (options) =>
    clients.get(OrganizationsClient, region).send(new DescribeOrganizationCommand({}), options),
  );
  if (answer.ok) {
    return read(required(call, required(call, answer.output, 'Organization'), 'Id'));
  }
  if (answer.refusal.code === 'AWSOrganizationsNotInUseException') return read(null);
  return session.unreadOrThrow(call, answer.refusal);
}
