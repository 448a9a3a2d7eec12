import type { CheckOptions } from './check.ts';
import { type CheckResult, pass } from './checkResult.ts';
import type { KeyFacts, KnownChanges, TrailFacts } from './facts.ts';
import type { FileKind } from './logFiles.ts';

export const HOUR = 3_600_000;

/** What recent deliveries prove: that the key works, and for which kinds of file. */
export interface DeliveryEvidence {
  /** When CloudTrail last delivered logs. */
  readonly at: Date;
  /** The kinds of file that were delivered; of the others no delivery is told. */
  readonly kinds: readonly FileKind[];
  /** When trail and key last changed, which was before. */
  readonly changes: KnownChanges;
}

/**
 * What deliveries prove of the key: the trail is logging, neither delivery error is set, and the delivery is recent and
 * later than every change that is known. `null` where they prove nothing.
 */
export function deliveryEvidence(trail: TrailFacts, key: KeyFacts, options: CheckOptions): DeliveryEvidence | null {
  if (options.deliveryEvidenceHours <= 0 || !trail.status.read) return null;
  const { isLogging, latestDeliveryTime, latestDigestDeliveryTime, ...errors } = trail.status.value;
  if (isLogging !== true || errors.latestDeliveryError || errors.latestDigestDeliveryError) return null;
  const changes = {
    trail: trail.changes?.trail ?? null,
    key: latest(trail.changes?.key, ...capturesOf(key)),
  };
  const since = latest(changes.trail, changes.key, key.metadata.read ? key.metadata.value.creationDate : null);
  const proves = (delivery: Date | null | undefined): delivery is Date =>
    delivery !== null &&
    delivery !== undefined &&
    Math.abs(trail.asOf.getTime() - delivery.getTime()) <= options.deliveryEvidenceHours * HOUR &&
    (since === null || delivery > since);
  if (!proves(latestDeliveryTime)) return null;
  const kinds: readonly FileKind[] = proves(latestDigestDeliveryTime) ? ['log file', 'digest file'] : ['log file'];
  return { at: latestDeliveryTime, kinds, changes };
}

/** What AWS Config recorded of the key it recorded when the key changed. */
const capturesOf = ({ exists, metadata, policy }: KeyFacts): readonly (Date | undefined)[] =>
  [exists, metadata, policy].map((reading) => (reading.read ? reading.capturedAt : undefined));

function latest(...times: readonly (Date | null | undefined)[]): Date | null {
  const known = times.flatMap((time) => time?.getTime() ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** The pass of what nobody could read or tell, where deliveries prove it. */
export function shownByDelivery({ at, changes }: DeliveryEvidence, { message, evidence }: CheckResult): CheckResult {
  const shown = `shown by delivery: CloudTrail delivered logs at ${at.toISOString()} without an error`;
  return pass(`${shown}${orderInWords(changes)} (${message})`, evidence);
}

/** A change that nobody knows of may be later than the delivery: the finding says so. */
function orderInWords({ trail, key }: KnownChanges): string {
  const after = (what: string, time: Date) => `, after the last change of ${what} at ${time.toISOString()}`;
  const notKnown = (what: string) => `; when ${what} last changed is not known`;
  if (trail !== null && key !== null) return after('trail and key', latest(trail, key) ?? key);
  if (trail !== null) return `${after('the trail', trail)}${notKnown('the key')}`;
  if (key !== null) return `${after('the key', key)}${notKnown('the trail')}`;
  return notKnown('the trail or the key');
}

/** A failure that deliveries contradict stays one, and says so. */
export function contradicted(
  result: CheckResult,
  { at }: DeliveryEvidence,
  changed: 'the key' | 'the policy',
): CheckResult {
  const contradiction = `a delivery at ${at.toISOString()} contradicts it`;
  const message = `${result.message}; ${contradiction}: ${changed} changed since, or this evaluation is wrong`;
  if (result.brief === undefined) return { ...result, message };
  return { ...result, message, brief: `${result.brief}; ${contradiction}` };
}
