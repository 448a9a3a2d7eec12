import type { TrailDescription } from '../../trail/facts.ts';
import { messageOf } from '../errors.ts';
import type { UnevaluatedTrail } from '../evaluate/evaluation.ts';
import { kindNamed, kindOf, TRAIL } from '../event/resourceKind.ts';

/** The item of a trail, or of another resource that is evaluated, as a source of the aggregator recorded it. */
export interface RecordedTrail {
  /** Left out: a trail. */
  readonly resourceType?: string;
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
  /**
   * `home`: recorded where it lives; `live`: as CloudTrail shows it to the function's account; `replica`: recorded
   * elsewhere, since nothing else is known.
   */
  readonly source: 'live' | 'home' | 'replica';
  /** `null`: read live, or the record does not say. */
  readonly capturedAt: Date | null;
}

/** The trails of an organization. */
interface CentralTrails {
  /** Each once, organization trails first. */
  readonly trails: readonly CentralTrail[];
  /** Records of shadow Regions and member accounts whose trail is in `trails`, so that they are evaluated there. */
  readonly replicas: number;
  /** Records that cannot be understood. */
  readonly unreadable: readonly UnevaluatedTrail[];
}

/**
 * Each trail once, by its ARN. A multi-Region trail is recorded in every Region and an organization trail in every
 * member account; where only such a replica is recorded, as it is where the management account has no recorder, the
 * trail is known from the replica.
 *
 * @param live organization trails as CloudTrail shows them to the account of the function
 */
export function centralTrails(recorded: readonly RecordedTrail[], live: readonly TrailDescription[]): CentralTrails {
  const known = new Map<string, CentralTrail>(
    live.map((trail) => [trail.arn, { trail, source: 'live', capturedAt: null }]),
  );
  const unreadable: UnevaluatedTrail[] = [];
  let replicas = 0;
  for (const record of recorded) {
    const described = describe(record);
    if ('reason' in described) {
      unreadable.push(described);
      continue;
    }
    if (described.source === 'replica') replicas += 1;
    const { arn } = described.trail;
    const rival = known.get(arn);
    if (rival === undefined || isBetter(described, rival)) known.set(arn, described);
  }
  const trails = [...known.values()].toSorted(organizationTrailsFirst);
  return {
    trails,
    replicas: replicas - trails.filter(({ source }) => source === 'replica').length,
    unreadable: unreadable.filter(({ trailArn }) => trailArn === null || !known.has(trailArn)),
  };
}

function describe(record: RecordedTrail): CentralTrail | UnevaluatedTrail {
  const { accountId, region, arn, configuration, capturedAt, resourceType = TRAIL.resourceType } = record;
  const kind = kindNamed(resourceType) ?? TRAIL;
  const unreadable = (reason: string): UnevaluatedTrail => ({
    trailArn: arn,
    accountId,
    isOrganization: kind === TRAIL && configuration?.isOrganizationTrail === true,
    reason,
  });
  if (configuration === null)
    return unreadable(
      `the aggregator hands out no configuration of \`${record.resourceId}\` in ${accountId}, ${region}`,
    );
  try {
    const trail = kind.describe(configuration, arn);
    const isHome = trail.accountId === accountId && trail.homeRegion === region;
    return { trail, source: isHome ? 'home' : 'replica', capturedAt };
  } catch (error) {
    return unreadable(`the record in ${accountId}, ${region} cannot be read: ${messageOf(error)}`);
  }
}

const RANK = { home: 0, live: 1, replica: 2 } as const;

/** The record of the trail's own place counts most: no document promises that a member account is shown everything. */
function isBetter(one: CentralTrail, other: CentralTrail): boolean {
  if (one.source !== other.source) return RANK[one.source] < RANK[other.source];
  return (one.capturedAt?.getTime() ?? 0) > (other.capturedAt?.getTime() ?? 0);
}

/** When the time runs out, the trails that concern every account have been evaluated. */
function organizationTrailsFirst({ trail: one }: CentralTrail, { trail: other }: CentralTrail): number {
  const byOrganization = Number(isOrganizationTrail(other)) - Number(isOrganizationTrail(one));
  if (byOrganization !== 0) return byOrganization;
  return one.arn < other.arn ? -1 : 1;
}

/** An event data store of an organization is none: nobody expects one, and no alarm watches it. */
export const isOrganizationTrail = (resource: TrailDescription): boolean =>
  kindOf(resource) === TRAIL && resource.isOrganization === true;
