import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Access } from '../access.ts';
import { callOf, InfrastructureError } from '../errors.ts';
import { required } from '../required.ts';

/**
 * The Regions that are enabled in an account, sorted. EC2 shows only enabled Regions unless it is asked for all.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function enabledRegions({ session, clients }: Access, region: string): Promise<readonly string[]> {
  const call = callOf('EC2', 'DescribeRegions', `account ${session.accountId}`, region);
  const listed = await session.demand(call, (options) =>
    clients.get(EC2Client, region).send(new DescribeRegionsCommand({}), options),
  );
  const names = required(call, listed, 'Regions').map((listedRegion) => required(call, listedRegion, 'RegionName'));
  // Every account has enabled Regions: without any, nothing would be read and nothing be missing.
  if (names.length === 0) throw new InfrastructureError(call, 'EC2 named no Region');
  return names.toSorted();
}
