import { keyIdentity } from '../arn.ts';
import type { TrailFacts } from '../facts.ts';

/** Commands of the AWS CLI whose arguments are safe to paste: names in a snapshot come from whoever wrote them. */

export function kmsCommand(command: string, keyArn: string, ...options: readonly string[]): string {
  const region = keyIdentity(keyArn)?.region ?? '';
  return words('aws', 'kms', command, '--region', region, '--key-id', keyArn, ...options);
}

/** @param policy the policy's JSON, or `file://...` */
export const putKeyPolicyCommand = (keyArn: string, policy: string): string =>
  kmsCommand('put-key-policy', keyArn, '--policy-name', 'default', '--policy', policy);

/** The command that prints the policy as it is. */
export const readPolicyCommand = (keyArn: string): string =>
  kmsCommand('get-key-policy', keyArn, '--policy-name', 'default', '--query', 'Policy', '--output', 'text');

export const setKeyCommand = ({ homeRegion, arn }: TrailFacts, keyArn: string): string =>
  words('aws', 'cloudtrail', 'update-trail', '--region', homeRegion, '--name', arn, '--kms-key-id', keyArn);

/** A command line of these words. */
export const words = (...all: readonly string[]): string => all.map(quoted).join(' ');

/** One word of a POSIX shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
