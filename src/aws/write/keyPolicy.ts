import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import type { KeyPolicyPort } from '../../remediate/ports.ts';
import { keyIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { type Call, callOf } from '../errors.ts';
import { required } from '../required.ts';
import { sendOnce } from './send.ts';

/** The name of the only policy that a key can have (KMS API Reference, PutKeyPolicy). */
const PolicyName = 'default';

/** @throws InfrastructureError when the policy cannot be read, also where that is denied */
export async function readKeyPolicy({ session, clients }: Access, keyArn: string): Promise<string> {
  const call = kmsCall('GetKeyPolicy', keyArn);
  const output = await session.demand(call, (options) =>
    clients.get(KMSClient, call.region).send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName }), options),
  );
  return required(call, output, 'Policy');
}

/**
 * The key policy of one key. KMS's own safety check against locking oneself out stays on: `BypassPolicyLockoutSafetyCheck`
 * is never set.
 */
export function keyPolicyPort(access: Access, keyArn: string): KeyPolicyPort {
  const call = kmsCall('PutKeyPolicy', keyArn);
  return {
    keyArn,
    read: () => readKeyPolicy(access, keyArn),
    write: (Policy) =>
      sendOnce(access, call, new PutKeyPolicyCommand({ KeyId: keyArn, PolicyName, Policy }), (command, options) =>
        access.clients.get(KMSClient, call.region).send(command, options),
      ),
  };
}

export const kmsCall = (operation: string, keyArn: string): Call =>
  callOf('KMS', operation, keyArn, keyIdentity(keyArn)?.region ?? '');
