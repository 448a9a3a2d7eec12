import { keyIdentity } from './arn.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { words } from './repair/commands.ts';

/** Commands of the AWS CLI that fix what a check found, as safe to paste as those of a repair. */

export const updateTrailCommand = (trail: TrailFacts, keyArn = 'KEY_ARN'): string =>
  words('aws', 'cloudtrail', 'update-trail', '--region', trail.homeRegion, '--name', trail.arn, '--kms-key-id', keyArn);

export const startLoggingCommand = (trail: TrailFacts): string =>
  words('aws', 'cloudtrail', 'start-logging', '--region', trail.homeRegion, '--name', trail.arn);

/** A KMS command for the key, in the key's Region; `options` follow the key id, a word each. */
export function kmsCommand(command: string, trail: TrailFacts, key: KeyFacts, ...options: readonly string[]): string {
  const keyId = key.arn ?? key.reference;
  const region = keyIdentity(keyId)?.region ?? trail.homeRegion;
  return words('aws', 'kms', command, '--region', region, '--key-id', keyId, ...options);
}

export const LIST_GRANTS = 'aws kms list-grants';
export const CONNECT_KEY_STORE = 'aws kms connect-custom-key-store --custom-key-store-id ID';

/** The command that writes a key policy from `policy.json`. */
export const putKeyPolicyCommand = (trail: TrailFacts, key: KeyFacts): string =>
  kmsCommand('put-key-policy', trail, key, '--policy-name', 'default', '--policy', 'file://policy.json');
