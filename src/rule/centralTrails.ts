import type { TrailDescription } from '../trail/facts.ts';
import { describeConfiguredTrail } from './describeTrail.ts';

/** The item of a trail, as a source of the aggregator recorded it. */
export interface RecordedTrail {
  /** Where it was recorded: the trail's own account and home Region, or one that sees a replica. */
  readonly accountId: string;
  readonly region: string;
  readonly arn: string | null;
  /** The name of the trail. */
  readonly resourceId: string;
  readonly capturedAt: Date | null;
  /** `null` where the aggregator does not hand it out. */
  readonly configuration: Readonly<Record<string, unknown>> | null;
}

/** A trail of the organization, and where its configuration is known from. */
export interface CentralTrail {
  readonly trail: TrailDescription;
  /** `live`: from CloudTrail; `home`: recorded where it lives; `replica`: recorded elsewhere, since nothing else is known. */
  readonly source: 'live' | 'home' | 'replica';
  /** `null`: read live, or the record does not say. */
  readonly capturedAt: Date | null;
}

/** A trail that is there and has no verdict. */
export interface UnjudgedTrail {
  /** `null` where not even that is known. */
  readonly trailArn: string | null;
  readonly accountId: string | null;
  readonly isOrganization: boolean;
  readonly reason: string;
}

/** The trails of an organization. */
export interface CentralTrails {
  /** Each once, organization trails first. */
  readonly trails: readonly CentralTrail[];
  /** Records of shadow Regions and member accounts whose trail is in `trails`, so that they are judged there. */
  readonly replicas: number;
  /** Records that cannot be understood. */
  readonly unreadable: readonly UnjudgedTrail[];
}

/**
 * Each trail once, by its ARN. A multi-Region trail is recorded in every Region and an organization trail in every
 * member account; where only such a replica is recorded, as it is where the management account has no recorder, the
 * trail is known from the replica.
 *
 * @param live trails that CloudTrail itself described, which is newer than any record
 */
export function centralTrails(recorded: readonly RecordedTrail[], live: readonly TrailDescription[]): CentralTrails {
  const known = new Map<string, CentralTrail>(
    live.map((trail) => [trail.arn, { trail, source: 'live', capturedAt: null }]),
  );
  const unreadable: UnjudgedTrail[] = [];
  let read = 0;
  for (const record of recorded) {
    const described = describe(record);
    if ('reason' in described) {
      unreadable.push(described);
      continue;
    }
    read += 1;
    const { arn } = described.trail;
    const rival = known.get(arn);
    if (rival === undefined || isBetter(described, rival)) known.set(arn, described);
  }
  const trails = [...known.values()].toSorted(organizationTrailsFirst);
  const fromRecords = trails.filter(({ source }) => source !== 'live').length;
  return { trails, replicas: read - fromRecords, unreadable };
}

function describe(record: RecordedTrail): CentralTrail | UnjudgedTrail {
  const { accountId, region, arn, configuration, capturedAt } = record;
  const unreadable = (reason: string): UnjudgedTrail => ({
    trailArn: arn,
    accountId,
    isOrganization: configuration?.isOrganizationTrail === true,
    reason,
  });
  if (configuration === null)
    return unreadable(`the aggregator hands out no configuration of \`${record.resourceId}\` in ${accountId}, ${region}`);
  try {
    const trail = describeConfiguredTrail(configuration, arn);
    const isHome = trail.accountId === accountId && trail.homeRegion === region;
    return { trail, source: isHome ? 'home' : 'replica', capturedAt };
  } catch (error) {
    return unreadable(`the record in ${accountId}, ${region} cannot be read: ${messageOf(error)}`);
  }
}

const RANK = { live: 0, home: 1, replica: 2 } as const;

/** The record of the trail's own place counts more than a newer one of a replica. */
function isBetter(one: CentralTrail, other: CentralTrail): boolean {
  if (one.source !== other.source) return RANK[one.source] < RANK[other.source];
  return (one.capturedAt?.getTime() ?? 0) > (other.capturedAt?.getTime() ?? 0);
}

/** When the time runs out, the trails that concern every account have been judged. */
function organizationTrailsFirst({ trail: one }: CentralTrail, { trail: other }: CentralTrail): number {
  const byOrganization = Number(other.isOrganization === true) - Number(one.isOrganization === true);
  if (byOrganization !== 0) return byOrganization;
  return one.arn < other.arn ? -1 : 1;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
