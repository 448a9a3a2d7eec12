import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import type { Access } from '../../aws/access.ts';
import { type Call, InfrastructureError } from '../../aws/errors.ts';
import { required } from '../../aws/required.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import type { Member } from './document.ts';
import { readMember } from './reach.ts';

/** A trail as CloudTrail or AWS Config describes it, and what its ARN says. */
export interface FoundTrail
  extends Pick<TrailDescription, 'arn' | 'partition' | 'accountId' | 'homeRegion' | 'kmsKeyId' | 'bucketName'> {
  readonly Trail: Readonly<Record<string, unknown>>;
}

/**
 * The trails whose home is the Region.
 *
 * Shadow trails and the replicas of organization trails in member accounts are left out: they are judged where they
 * live.
 *
 * @throws InfrastructureError when they cannot be listed, also where that is denied
 */
export async function trailsIn({ session, clients }: Access, region: string): Promise<readonly FoundTrail[]> {
  const call = trailCall('DescribeTrails', `account ${session.accountId}`, region);
  const listed = await session.demand(call, (options) =>
    clients.get(CloudTrailClient, region).send(new DescribeTrailsCommand({ includeShadowTrails: false }), options),
  );
  return required(call, listed, 'trailList').map((trail) => foundTrail({ ...trail }, call));
}

/** @throws InfrastructureError when the trail has no ARN of a trail */
export function foundTrail(trail: Readonly<Record<string, unknown>>, call: Call): FoundTrail {
  const text = (name: string): string => (typeof trail[name] === 'string' ? trail[name] : '');
  const identity = trailIdentity(text('TrailARN'));
  if (identity === null || !/^\d{12}$/.test(identity.accountId)) {
    const named = text('TrailARN') || text('Name');
    throw new InfrastructureError(call, `the answer holds a trail without a usable ARN: \`${named}\``);
  }
  const { arn, partition, accountId } = identity;
  return {
    arn,
    partition,
    accountId,
    homeRegion: text('HomeRegion') || identity.homeRegion,
    kmsKeyId: text('KmsKeyId') || null,
    bucketName: text('S3BucketName') || null,
    Trail: trail,
  };
}

/** Each trail once, the first one kept. */
export function distinctTrails(trails: readonly FoundTrail[]): readonly FoundTrail[] {
  const seen = new Map<string, FoundTrail>();
  for (const trail of trails) {
    const id = `${trail.arn} ${trail.homeRegion}`;
    if (!seen.has(id)) seen.set(id, trail);
  }
  return [...seen.values()].toSorted((a, b) => compare(a.accountId, b.accountId) || compare(a.arn, b.arn));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const GONE: ReadonlySet<string> = new Set(['TrailNotFoundException']);

/** Asked by the full ARN in the home Region, as an organization trail needs it. */
export function trailStatus(access: Access, trail: FoundTrail): Promise<Member<Readonly<Record<string, unknown>>>> {
  const call = trailCall('GetTrailStatus', trail.arn, trail.homeRegion);
  return readMember(
    access,
    call,
    (options) =>
      access.clients
        .get(CloudTrailClient, trail.homeRegion)
        .send(new GetTrailStatusCommand({ Name: trail.arn }), options),
    ({ $metadata: _, ...status }) => ({ ...status, IsLogging: required(call, status, 'IsLogging') }),
    GONE,
  );
}

const trailCall = (operation: string, subject: string, region: string): Call => ({
  service: 'CloudTrail',
  operation,
  permission: `cloudtrail:${operation}`,
  subject,
  region,
});
