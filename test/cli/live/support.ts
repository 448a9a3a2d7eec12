import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { ACCOUNT, OF_RAM, UNSHARED } from '../../aws/support/answers.ts';
import { kms } from '../doctor/account.ts';
import { cli } from '../support.ts';

const HERE = ['--regions', 'us-east-1', '--quiet'];
export const TOPIC_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/aaaaaaaa-12ab-34cd-56ef-1234567890ab`;
export const OLD_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/bbbbbbbb-12ab-34cd-56ef-1234567890ab`;

export async function scanned(check: string, ...args: readonly string[]) {
  const { stdout } = await cli(['scan', ...HERE, '--format', 'json', ...args], { env: { AWS_REGION: 'us-east-1' } });
  const { trails } = JSON.parse(stdout);
  return trails[0].findings.find((finding: { check: string }) => finding.check === check);
}

export async function collected(...args: readonly string[]) {
  const { stdout, code } = await cli(['collect', ...HERE, ...args], { env: { AWS_REGION: 'us-east-1' } });
  return { stdout, code };
}

/** What a key answers that allows CloudTrail, or does not, or is on its way out. */
export function answerKey(
  Arn: string,
  { policy = '', ...metadata }: { policy?: string; KeyState?: string } = {},
): void {
  const KeyMetadata = { Arn, KeyId: 'k', KeyState: 'Enabled' as const, KeyManager: 'CUSTOMER' as const, ...metadata };
  kms.on(DescribeKeyCommand, { KeyId: Arn }).resolves({ KeyMetadata: KeyMetadata as never });
  kms.on(GetKeyPolicyCommand, { KeyId: Arn, PolicyName: 'default' }).resolves({ Policy: policy });
  kms.on(GetKeyPolicyCommand, { KeyId: Arn, ...OF_RAM }).rejects(UNSHARED);
}
