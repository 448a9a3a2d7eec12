import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KeyReference } from '../../facts/keyReference.ts';
import type { ErrorMember } from '../../facts/members.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { readMember } from './member.ts';

/** What KMS answers a dry run with: that it would decrypt, or what is wrong with the key or the request (KMS API Reference, Decrypt). */
const ANSWERS: ReadonlySet<string> = new Set([
  'DryRunOperationException',
  'DisabledException',
  'InvalidKeyUsageException',
  'KMSInvalidStateException',
  'NotFoundException',
  'ValidationException',
]);

/** What stands for a trial as a role that could not be assumed. */
export const notTried = ({ session }: Access, key: KeyReference, why: string): ErrorMember =>
  session.notRead(callOf('KMS', 'Decrypt', key.arn, key.region), 'NotEntered', why);

/**
 * Whether whoever signs may decrypt with a key, in the encryption context of a log file: KMS validates the permission, and no
 * ciphertext. The command line alone asks it, and where it is told to.
 */
export async function tryDecrypt(
  access: Access,
  key: KeyReference,
  EncryptionContext: Record<string, string>,
): Promise<ErrorMember> {
  const call = callOf('KMS', 'Decrypt', key.arn, key.region);
  const command = new DecryptCommand({
    KeyId: key.arn,
    EncryptionContext,
    DryRun: true,
    DryRunModifiers: ['IGNORE_CIPHERTEXT'],
  });
  const answer = await readMember<unknown, null>(
    access,
    call,
    (options) => access.clients.get(KMSClient, key.region).send(command, options),
    () => null,
    ANSWERS,
  );
  return answer ?? access.session.notRead(call, 'NotTold', 'KMS did not take the request for a dry run');
}
