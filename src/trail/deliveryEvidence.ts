import type { CheckOptions } from './check.ts';
import { type CheckResult, pass } from './checkResult.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { FileKind } from './logFiles.ts';

const HOUR = 3_600_000;

/** What recent deliveries prove: that the key works, and for which kinds of file. */
export interface DeliveryEvidence {
  /** When CloudTrail last delivered logs. */
  readonly at: Date;
  /** The kinds of file that were delivered; of the others no delivery is told. */
  readonly kinds: readonly FileKind[];
  /** When trail or key last changed, which was before; `null`: nobody knows. */
  readonly after: Date | null;
}

/**
 * What deliveries prove of the key: the trail is logging, neither delivery error is set, and the delivery is recent and
 * later than every change that is known. `null` where they prove nothing.
 */
export function deliveryEvidence(trail: TrailFacts, key: KeyFacts, options: CheckOptions): DeliveryEvidence | null {
  if (options.deliveryEvidenceHours <= 0 || !trail.status.read) return null;
  const { isLogging, latestDeliveryTime, latestDigestDeliveryTime, ...errors } = trail.status.value;
  if (isLogging !== true || errors.latestDeliveryError || errors.latestDigestDeliveryError) return null;
  const after = latest(trail.changes?.trail, trail.changes?.key, ...capturesOf(key));
  const since = latest(after, key.metadata.read ? key.metadata.value.creationDate : null);
  const proves = (delivery: Date | null | undefined): delivery is Date =>
    delivery !== null &&
    delivery !== undefined &&
    Math.abs(trail.asOf.getTime() - delivery.getTime()) <= options.deliveryEvidenceHours * HOUR &&
    (since === null || delivery > since);
  if (!proves(latestDeliveryTime)) return null;
  const kinds: readonly FileKind[] = proves(latestDigestDeliveryTime) ? ['log file', 'digest file'] : ['log file'];
  return { at: latestDeliveryTime, kinds, after };
}

/** What AWS Config recorded of the key it recorded when the key changed. */
const capturesOf = ({ exists, metadata, policy }: KeyFacts): readonly (Date | undefined)[] =>
  [exists, metadata, policy].map((reading) => (reading.read ? reading.capturedAt : undefined));

function latest(...times: readonly (Date | null | undefined)[]): Date | null {
  const known = times.flatMap((time) => time?.getTime() ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** The pass of what nobody could read or tell, where deliveries prove it. */
export function shownByDelivery({ at, after }: DeliveryEvidence, { message, evidence }: CheckResult): CheckResult {
  const order =
    after === null
      ? '; when the trail or the key last changed is not known'
      : `, after the last change of ${after.toISOString()}`;
  const shown = `shown by delivery: CloudTrail delivered logs at ${at.toISOString()} without an error${order}`;
  return pass(`${shown} (${message})`, evidence);
}

/** A failure that deliveries contradict stays one, and says so. */
export function contradicted(
  result: CheckResult,
  { at }: DeliveryEvidence,
  changed: 'the key' | 'the policy',
): CheckResult {
  const contradiction = `a delivery at ${at.toISOString()} contradicts it: ${changed} changed since, or this evaluation is wrong`;
  return { ...result, message: `${result.message}; ${contradiction}` };
}
