import { CloudTrailClient, DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { trailIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import type { Call } from '../errors.ts';
import { required } from '../required.ts';

/** What CloudTrail says of one trail; `description` is `undefined` where it is not there. */
export interface Described {
  readonly call: Call;
  readonly description: Trail | undefined;
}

/** @throws InfrastructureError when the trails cannot be listed, also where that is denied */
export async function describeTrail({ session, clients }: Access, trailArn: string): Promise<Described> {
  const region = trailIdentity(trailArn)?.homeRegion ?? '';
  const call: Call = {
    service: 'CloudTrail',
    operation: 'DescribeTrails',
    permission: 'cloudtrail:DescribeTrails',
    subject: trailArn,
    region,
  };
  const listed = await session.demand(call, (options) =>
    clients
      .get(CloudTrailClient, region)
      .send(new DescribeTrailsCommand({ trailNameList: [trailArn], includeShadowTrails: false }), options),
  );
  const trailList = required(call, listed, 'trailList');
  return { call, description: trailList.find(({ TrailARN }) => TrailARN === trailArn) };
}
