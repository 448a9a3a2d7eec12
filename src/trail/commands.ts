import { keyIdentity, parseArn } from './arn.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import { words } from './repair/commands.ts';

/** Commands of the AWS CLI that fix what a check found, as safe to paste as those of a repair. */

export const updateTrailCommand = (trail: TrailFacts, keyArn = 'KEY_ARN'): string =>
  words('aws', 'cloudtrail', 'update-trail', '--region', trail.homeRegion, '--name', trail.arn, '--kms-key-id', keyArn);

export const startLoggingCommand = (trail: TrailFacts): string =>
  words('aws', 'cloudtrail', 'start-logging', '--region', trail.homeRegion, '--name', trail.arn);

export const encryptLogGroupCommand = (logGroupArn: string): string => {
  const { region = '', resource = '' } = parseArn(logGroupArn) ?? {};
  const name = resource.replace(/^log-group:/, '').replace(/:\*$/, '');
  return words(
    'aws',
    'logs',
    'associate-kms-key',
    '--region',
    region,
    '--log-group-name',
    name,
    '--kms-key-id',
    'KEY_ARN',
  );
};

export function topicKeyCommand(topicArn: string): string {
  const attribute = ['--attribute-name', 'KmsMasterKeyId', '--attribute-value', 'KEY_ARN'];
  const region = parseArn(topicArn)?.region ?? '';
  return words('aws', 'sns', 'set-topic-attributes', '--region', region, '--topic-arn', topicArn, ...attribute);
}

/** A KMS command for the key, in the key's Region; `options` follow the key id, a word each. */
export function kmsCommand(command: string, trail: TrailFacts, key: KeyFacts, ...options: readonly string[]): string {
  const keyId = key.arn ?? key.reference;
  const region = keyIdentity(keyId)?.region ?? trail.homeRegion;
  return words('aws', 'kms', command, '--region', region, '--key-id', keyId, ...options);
}

export const LIST_GRANTS = 'aws kms list-grants';
export const CONNECT_KEY_STORE = 'aws kms connect-custom-key-store --custom-key-store-id ID';

const POLICY_FILE = 'policy.json';

/** The command that writes the key policy to `policy.json`, and the one that reads it from there. */
export const keyPolicyCommands = (
  trail: TrailFacts,
  key: KeyFacts,
): { readonly read: string; readonly write: string } => {
  const policy = ['--policy-name', 'default'];
  const asText = ['--query', 'Policy', '--output', 'text'];
  return {
    read: `${kmsCommand('get-key-policy', trail, key, ...policy, ...asText)} > ${POLICY_FILE}`,
    write: kmsCommand('put-key-policy', trail, key, ...policy, '--policy', `file://${POLICY_FILE}`),
  };
};

/**
 * @param source the options that say where the trail is read; none: live, as its ARN says
 */
export const repairCommand = (source: readonly string[], trailArn: string, ...options: readonly string[]): string =>
  words('cloudtrail-kms', 'repair', ...source, '--trail', trailArn, ...options);
