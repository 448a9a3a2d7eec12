import { type Reading, type TrailDescription, type TrailStatus, unread } from '../trail/facts.ts';
import { ownerByName, ownerByTags } from '../trail/owner.ts';
import type { Member, StatusMember, TagMember, TrailMember } from './members.ts';
import { isError, type Meaning, readingOf } from './readings.ts';
import { tagsIn } from './tags.ts';

/** @param trail with the ARN of a trail */
export function describeTrail(trail: TrailMember): TrailDescription {
  const [, partition = '', , region = '', accountId = '', resource = ''] = trail.TrailARN.split(':');
  const name = resource.slice('trail/'.length);
  return {
    arn: trail.TrailARN,
    name: trail.Name || name,
    partition,
    accountId,
    homeRegion: trail.HomeRegion || region,
    kmsKeyId: trail.KmsKeyId || null,
    bucketName: trail.S3BucketName || null,
    keyPrefix: trail.S3KeyPrefix || null,
    isMultiRegion: trail.IsMultiRegionTrail ?? null,
    isOrganization: trail.IsOrganizationTrail ?? null,
    logFileValidation: trail.LogFileValidationEnabled ?? null,
    hasInsightSelectors: trail.HasInsightSelectors ?? null,
    hasCustomEventSelectors: trail.HasCustomEventSelectors ?? null,
    owner: ownerByName(name),
  };
}

/** The trail with what its tags say. */
export const withTags = (
  trail: TrailDescription,
  tags: Member<readonly TagMember[]> | null | undefined,
): TrailDescription => ({ ...trail, owner: trail.owner ?? ownerByTags(tagsIn(tags)) });

/** The member that `describeTrail` reads so. */
export const trailMember = (trail: TrailDescription): TrailMember => ({
  TrailARN: trail.arn,
  Name: trail.name,
  HomeRegion: trail.homeRegion,
  KmsKeyId: trail.kmsKeyId,
  S3BucketName: trail.bucketName,
  S3KeyPrefix: trail.keyPrefix,
  IsMultiRegionTrail: trail.isMultiRegion,
  IsOrganizationTrail: trail.isOrganization,
  LogFileValidationEnabled: trail.logFileValidation,
  HasInsightSelectors: trail.hasInsightSelectors,
  HasCustomEventSelectors: trail.hasCustomEventSelectors,
});

export const describeTrails = (trails: Member<readonly TrailMember[]>): Reading<readonly TrailDescription[]> =>
  readingOf(trails, 'the list of trails', 'cloudtrail:DescribeTrails', (list) => list.map(describeTrail));

/** @param owner the account that owns the trail */
export function trailStatus(status: Member<StatusMember> | null | undefined, owner: string): Reading<TrailStatus> {
  const describe = (member: StatusMember): TrailStatus => describeStatus(member, owner);
  return readingOf(status, "the trail's Status", 'cloudtrail:GetTrailStatus', describe, ofTrail);
}

const ofTrail: Meaning = (error) =>
  isError(error, 'TrailNotFoundException') ? unread('not-found', 'CloudTrail finds the trail no more') : null;

const describeStatus = (status: StatusMember, owner: string): TrailStatus => ({
  isLogging: status.IsLogging ?? null,
  latestDeliveryTime: status.LatestDeliveryTime ?? null,
  latestDeliveryError: status.LatestDeliveryError || null,
  latestDigestDeliveryTime: status.LatestDigestDeliveryTime ?? null,
  latestDigestDeliveryError: status.LatestDigestDeliveryError || null,
  startedLoggingAt: status.StartLoggingTime ?? dateOf(status.TimeLoggingStarted),
  isOwners: status.AccountId ? status.AccountId === owner : null,
});

function dateOf(text: string | null | undefined): Date | null {
  const date = new Date(text || Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
