import { CloudTrailClient, DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { trailIdentity } from '../trail/arn.ts';
import type { Access } from './access.ts';
import type { Call } from './errors.ts';
import { required } from './required.ts';

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

/**
 * Trails that one policy names and another names no more. Such a trail may live in a Region that nobody read, so that
 * its name looked like a mistake: whoever writes the policy asks first whether it is there.
 */
export function trailsLeftOut({ before, after }: { readonly before: string; readonly after: string }) {
  const kept = new Set(stringsIn(JSON.parse(after)));
  const named = stringsIn(JSON.parse(before)).filter((text) => TRAIL_ARN.test(text));
  return [...new Set(named)].filter((arn) => !kept.has(arn));
}

const TRAIL_ARN = /^arn:[a-z-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[\w.-]+$/;

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
