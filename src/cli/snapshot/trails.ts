import type { TrailDescription, TrailStatus } from '../../trail/facts.ts';
import { type ErrorMember, isErrorMember } from './members.ts';
import { readingOf } from './readings.ts';
import type { RawStatus, RawTrail, RawTrailEntry } from './schema.ts';
import type { Snapshot, SnapshotTrail } from './snapshot.ts';

/** The trails of a snapshot, each once, and those that it could not hold. */
export function trailsOf(entries: ErrorMember | readonly RawTrailEntry[]): Pick<Snapshot, 'trails' | 'unreadTrails'> {
  if (isErrorMember(entries)) return { trails: [], unreadTrails: [unreadTrail('the list of trails', entries)] };
  const trails = new Map<string, SnapshotTrail>();
  const unreadTrails: string[] = [];
  entries.forEach((entry, index) => {
    if (isErrorMember(entry)) unreadTrails.push(unreadTrail(`trails[${index}]`, entry));
    else if (isErrorMember(entry.Trail)) unreadTrails.push(unreadTrail(`trails[${index}]`, entry.Trail));
    else {
      const trail = { description: describe(entry.Trail), status: statusOf(entry.Status) };
      const earlier = trails.get(trail.description.arn);
      // DescribeTrails shows a multi-Region trail once in each Region: the entry that knows the status is kept.
      if (earlier === undefined || !earlier.status.read) trails.set(trail.description.arn, trail);
    }
  });
  return { trails: [...trails.values()], unreadTrails };
}

function unreadTrail(what: string, { Error: error }: ErrorMember): string {
  return `${what} could not be read: ${[error.Code, error.Message].filter((part) => part !== null).join(': ') || 'no reason given'}`;
}

function describe(trail: RawTrail): TrailDescription {
  const [, partition = '', , region = '', accountId = '', resource = ''] = trail.TrailARN.split(':');
  return {
    arn: trail.TrailARN,
    name: trail.Name ?? resource.slice('trail/'.length),
    partition,
    accountId,
    homeRegion: trail.HomeRegion ?? region,
    kmsKeyId: trail.KmsKeyId,
    bucketName: trail.S3BucketName,
    keyPrefix: trail.S3KeyPrefix,
    isMultiRegion: trail.IsMultiRegionTrail,
    isOrganization: trail.IsOrganizationTrail,
    logFileValidation: trail.LogFileValidationEnabled,
    hasInsightSelectors: trail.HasInsightSelectors,
  };
}

function statusOf(status: RawStatus | ErrorMember | null): SnapshotTrail['status'] {
  return readingOf(status, "the trail's Status", 'cloudtrail:GetTrailStatus', describeStatus);
}

function describeStatus(status: RawStatus): TrailStatus {
  return {
    isLogging: status.IsLogging,
    latestDeliveryTime: status.LatestDeliveryTime,
    latestDeliveryError: status.LatestDeliveryError,
    latestDigestDeliveryError: status.LatestDigestDeliveryError,
  };
}
