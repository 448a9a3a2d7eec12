import type { CheckId } from '../trail/finding.ts';
import type { Json } from './json.ts';

/**
 * What can be said of a key whatever trail uses it: nobody else's doing, nothing of the trail's account, Region or name
 * changes the answer.
 */
export const KEY_CHECKS: ReadonlySet<CheckId> = new Set<CheckId>([
  'key-symmetric',
  'other-trails-excluded',
  'public-excluded',
  'key-administrable',
  'key-rotates',
  'policy-well-formed',
]);

/** The service principal, the encryption context of log files, or the ARN of a trail. */
const CLOUDTRAIL = /cloudtrail\.amazonaws\.com|EncryptionContext:aws:cloudtrail:arn|arn:[^:"]*:cloudtrail:/i;

/** Whether a key policy, as the file writes it, shows that the key is meant for CloudTrail. */
export const namesCloudTrail = (policy: Json | undefined): boolean =>
  policy !== undefined && policy !== null && CLOUDTRAIL.test(JSON.stringify(policy));

/** The name of the trail that stands for those that a key will have. */
export const trailOfKey = (key: string): string => `TrailOf${key}`;
