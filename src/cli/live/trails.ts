import type { TrailMember } from '../../facts/members.ts';
import { describeTrail } from '../../facts/trails.ts';
import type { TrailDescription } from '../../trail/facts.ts';

/** A trail that is to be read: as CloudTrail or AWS Config describes it, and what that says. */
export interface FoundTrail extends TrailDescription {
  readonly Trail: TrailMember;
  /** Listed by an aggregator: what the rule needs of a trail, and no more. */
  readonly isRecorded?: true;
}

/** @param Trail with the ARN of a trail */
export const foundTrail = (Trail: TrailMember): FoundTrail => ({ ...describeTrail(Trail), Trail });

/** The same wherever a trail is listed. */
export const identityOf = ({ arn, homeRegion }: FoundTrail): string => `${arn} ${homeRegion}`;

/** Each trail once, the first one kept. */
export function distinctTrails(trails: readonly FoundTrail[]): readonly FoundTrail[] {
  const seen = new Map<string, FoundTrail>();
  for (const trail of trails) {
    const id = identityOf(trail);
    if (!seen.has(id)) seen.set(id, trail);
  }
  return [...seen.values()].toSorted((a, b) => compare(a.accountId, b.accountId) || compare(a.arn, b.arn));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
