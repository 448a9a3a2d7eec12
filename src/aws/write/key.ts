import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { keyIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { kmsCall } from '../keyPolicyWriter.ts';
import { change, type Seen, unrepeated, type Written } from '../keyPolicyWriterChange.ts';
import type { Clock } from '../keyPolicyWriterPatience.ts';
import { required } from '../required.ts';

const COMMANDS = {
  CancelKeyDeletion: CancelKeyDeletionCommand,
  EnableKey: EnableKeyCommand,
  DisableKey: DisableKeyCommand,
  EnableKeyRotation: EnableKeyRotationCommand,
  DisableKeyRotation: DisableKeyRotationCommand,
} as const;

/** @param look what is there of the change */
export function changeKey(
  access: Access,
  keyArn: string,
  operation: keyof typeof COMMANDS,
  look: () => Promise<Seen>,
  clock: Clock,
): Promise<Written> {
  const send = (options: { abortSignal: AbortSignal }): Promise<unknown> =>
    kms(access, keyArn).send(unrepeated(new COMMANDS[operation]({ KeyId: idOf(keyArn) })) as never, options);
  return change(access, { call: kmsCall(operation, keyArn), send, look }, clock);
}

/** @throws InfrastructureError when it cannot be read */
export async function keyState(access: Access, keyArn: string): Promise<string> {
  const call = kmsCall('DescribeKey', keyArn);
  const described = await access.session.demand(call, (options) =>
    kms(access, keyArn).send(new DescribeKeyCommand({ KeyId: keyArn }), options),
  );
  return required(call, required(call, described, 'KeyMetadata'), 'KeyState');
}

/**
 * Days between two rotations, `null` where the key does not rotate.
 *
 * @throws InfrastructureError when it cannot be read
 */
export async function rotationPeriod(access: Access, keyArn: string): Promise<number | null> {
  const call = kmsCall('GetKeyRotationStatus', keyArn);
  const status = await access.session.demand(call, (options) =>
    kms(access, keyArn).send(new GetKeyRotationStatusCommand({ KeyId: idOf(keyArn) }), options),
  );
  return required(call, status, 'KeyRotationEnabled') ? (status.RotationPeriodInDays ?? DEFAULT_PERIOD) : null;
}

/** Days between two rotations where nobody names a number (KMS API Reference, EnableKeyRotation). */
export const DEFAULT_PERIOD = 365;

const kms = ({ clients }: Access, keyArn: string): KMSClient =>
  clients.get(KMSClient, keyIdentity(keyArn)?.region ?? '');

const idOf = (keyArn: string): string => keyIdentity(keyArn)?.keyId ?? keyArn;
