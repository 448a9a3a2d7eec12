/** A trail as CloudTrail shows it, or as AWS Config recorded it, in one account and Region. */
export interface SeenTrail {
  readonly arn: string;
  readonly homeRegion: string;
}

/** Where it was seen. */
interface SeenIn {
  readonly accountId: string;
  readonly region: string;
}

/**
 * Whether AWS Config records what lives elsewhere, by question; `null`: nothing tells. That it does not is shown only where
 * CloudTrail shows such a trail, and AWS Config has recorded another one.
 */
export function recordedAnswers(shown: readonly SeenTrail[], recorded: readonly SeenTrail[], place: SeenIn) {
  const isShadow = ({ homeRegion }: SeenTrail): boolean => homeRegion !== place.region;
  const isForeign = (trail: SeenTrail): boolean => !isShadow(trail) && accountOf(trail) !== place.accountId;
  const answer = (isElsewhere: (trail: SeenTrail) => boolean): RecordedAnswer | null => {
    const found = recorded.filter(isElsewhere);
    if (found.length > 0) return { answer: 'recorded', trails: found };
    const missing = shown.filter(isElsewhere);
    return missing.length > 0 && recorded.length > 0 ? { answer: 'not-recorded', trails: missing } : null;
  };
  return { 'replicas-recorded': answer(isShadow), 'organization-trails-recorded': answer(isForeign) };
}

interface RecordedAnswer {
  readonly answer: 'recorded' | 'not-recorded';
  readonly trails: readonly SeenTrail[];
}

const accountOf = ({ arn }: SeenTrail): string => arn.split(':')[4] ?? '';
