import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import type { TrailIdentity } from '../trail/arn.ts';
import { type Reading, read, type TrailDescription, type TrailStatus, unread } from '../trail/facts.ts';
import type { Access } from './access.ts';
import { type Call, InfrastructureError } from './errors.ts';
import { required } from './required.ts';

/** The trails whose home is the Region, each once. */
export async function listTrails({ session, clients }: Access, region: string): Promise<readonly TrailDescription[]> {
  const call = trailCall('DescribeTrails', `account ${session.accountId}`, region);
  const listed = await session.demand(call, (options) =>
    clients.get(CloudTrailClient, region).send(new DescribeTrailsCommand({ includeShadowTrails: false }), options),
  );
  const trails = required(call, listed, 'trailList').map((trail) => describe(trail, call));
  return [...new Map(trails.map((trail) => [`${trail.arn} ${trail.homeRegion}`, trail])).values()];
}

/** The organization trails that CloudTrail shows to an account in a Region, whoever owns them, each once. */
export async function listOrganizationTrails(
  { session, clients }: Access,
  region: string,
): Promise<Reading<readonly TrailDescription[]>> {
  const call = trailCall('DescribeTrails', `account ${session.accountId}`, region);
  const answer = await session.ask(call, (options) =>
    clients.get(CloudTrailClient, region).send(new DescribeTrailsCommand({ includeShadowTrails: true }), options),
  );
  if (!answer.ok) return session.unreadOrThrow(call, answer.refusal);
  const shown = required(call, answer.output, 'trailList').map((trail) => describe(trail, call));
  const trails = shown.filter(({ isOrganization }) => isOrganization === true);
  return read([...new Map(trails.map((trail) => [trail.arn, trail])).values()]);
}

/** Whether CloudTrail shows a trail of the account that the requests are signed in, in its home Region. */
export async function isTrailThere(
  { session, clients }: Access,
  { arn, homeRegion }: Pick<TrailIdentity, 'arn' | 'homeRegion'>,
): Promise<Reading<boolean>> {
  const call = trailCall('DescribeTrails', arn, homeRegion);
  const asked = new DescribeTrailsCommand({ trailNameList: [arn], includeShadowTrails: false });
  const answer = await session.ask(call, (options) => clients.get(CloudTrailClient, homeRegion).send(asked, options));
  if (!answer.ok) return session.unreadOrThrow(call, answer.refusal);
  return read(required(call, answer.output, 'trailList').some(({ TrailARN }) => TrailARN === arn));
}

function describe(trail: Trail, call: Call): TrailDescription {
  const [, partition, , arnRegion, accountId] = (trail.TrailARN ?? '').split(':');
  const name = trail.Name || trail.TrailARN?.split('/').at(-1);
  const homeRegion = trail.HomeRegion || arnRegion;
  if (!trail.TrailARN || !name || !partition || !homeRegion || !accountId) {
    throw new InfrastructureError(call, `the answer holds a trail without a usable ARN: \`${trail.TrailARN ?? name}\``);
  }
  return {
    arn: trail.TrailARN,
    name,
    partition,
    accountId,
    homeRegion,
    kmsKeyId: trail.KmsKeyId || null,
    bucketName: trail.S3BucketName || null,
    keyPrefix: trail.S3KeyPrefix || null,
    isMultiRegion: trail.IsMultiRegionTrail ?? null,
    isOrganization: trail.IsOrganizationTrail ?? null,
    logFileValidation: trail.LogFileValidationEnabled ?? null,
    hasInsightSelectors: trail.HasInsightSelectors ?? null,
  };
}

/** Asked by the full ARN in the home Region, as an organization trail seen from a member needs it. */
export async function trailStatus(
  { session, clients }: Access,
  trail: TrailDescription,
): Promise<Reading<TrailStatus>> {
  const call = trailCall('GetTrailStatus', trail.arn, trail.homeRegion);
  const answer = await session.ask(call, (options) =>
    clients.get(CloudTrailClient, trail.homeRegion).send(new GetTrailStatusCommand({ Name: trail.arn }), options),
  );
  if (!answer.ok) {
    if (answer.refusal.code === 'TrailNotFoundException')
      return unread('not-found', 'CloudTrail finds the trail no more');
    return session.unreadOrThrow(call, answer.refusal);
  }
  const { LatestDeliveryTime, LatestDeliveryError, LatestDigestDeliveryError } = answer.output;
  return read({
    isLogging: required(call, answer.output, 'IsLogging'),
    latestDeliveryTime: LatestDeliveryTime ?? null,
    latestDeliveryError: LatestDeliveryError || null,
    latestDigestDeliveryError: LatestDigestDeliveryError || null,
  });
}

const trailCall = (operation: string, subject: string, region: string): Call => ({
  service: 'CloudTrail',
  operation,
  permission: `cloudtrail:${operation}`,
  subject,
  region,
});
