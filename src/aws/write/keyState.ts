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
import { DEFAULT_PERIOD } from '../../remediate/keySteps.ts';
import type { KeyOperation, KeyStatePort } from '../../remediate/ports.ts';
import { keyIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { required } from '../required.ts';
import { kmsCall } from './keyPolicy.ts';
import { sendOnce } from './send.ts';

const COMMANDS = {
  CancelKeyDeletion: CancelKeyDeletionCommand,
  EnableKey: EnableKeyCommand,
  DisableKey: DisableKeyCommand,
  EnableKeyRotation: EnableKeyRotationCommand,
  DisableKeyRotation: DisableKeyRotationCommand,
} as const satisfies Readonly<Record<KeyOperation, unknown>>;

/** The state of one key. */
export function keyStatePort(access: Access, keyArn: string): KeyStatePort {
  const { region = '', keyId = keyArn } = keyIdentity(keyArn) ?? {};
  const kms = (): KMSClient => access.clients.get(KMSClient, region);
  return {
    keyArn,
    async state() {
      const call = kmsCall('DescribeKey', keyArn);
      const described = await access.session.demand(call, (options) =>
        kms().send(new DescribeKeyCommand({ KeyId: keyArn }), options),
      );
      return required(call, required(call, described, 'KeyMetadata'), 'KeyState');
    },
    async rotationPeriod() {
      const call = kmsCall('GetKeyRotationStatus', keyArn);
      const status = await access.session.demand(call, (options) =>
        kms().send(new GetKeyRotationStatusCommand({ KeyId: keyId }), options),
      );
      return required(call, status, 'KeyRotationEnabled') ? (status.RotationPeriodInDays ?? DEFAULT_PERIOD) : null;
    },
    send: (operation) =>
      sendOnce(access, kmsCall(operation, keyArn), new COMMANDS[operation]({ KeyId: keyId }), (command, options) =>
        kms().send(command as never, options),
      ),
  };
}
