import type { CheckOptions } from './check.ts';
import type { TrailFacts } from './facts.ts';

const HOUR = 3_600_000;

/**
 * When CloudTrail last delivered, if that proves that the key works: the trail is logging, neither delivery error is set,
 * and the delivery is recent. `null` where it proves nothing.
 */
export function deliveryEvidence(trail: TrailFacts, options: CheckOptions): Date | null {
  if (options.deliveryEvidenceHours <= 0 || !trail.status.read) return null;
  const { isLogging, latestDeliveryTime, latestDeliveryError, latestDigestDeliveryError } = trail.status.value;
  if (isLogging !== true || latestDeliveryError || latestDigestDeliveryError || latestDeliveryTime === null)
    return null;
  const distance = Math.abs(trail.asOf.getTime() - latestDeliveryTime.getTime());
  return distance <= options.deliveryEvidenceHours * HOUR ? latestDeliveryTime : null;
}
