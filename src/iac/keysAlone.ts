import type { Json } from './json.ts';

/** The service principal, the encryption context of log files, or the ARN of a trail. */
const CLOUDTRAIL = /cloudtrail\.amazonaws\.com|EncryptionContext:aws:cloudtrail:arn|arn:[^:"]*:cloudtrail:/i;

/** Whether a key policy, as the file writes it, shows that the key is meant for CloudTrail. */
export const namesCloudTrail = (policy: Json | undefined): boolean =>
  policy !== undefined && policy !== null && CLOUDTRAIL.test(JSON.stringify(policy));

/** The name of the trail that stands for those that a key will have. */
export const trailOfKey = (key: string): string => `TrailOf${key}`;
