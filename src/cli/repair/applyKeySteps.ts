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
import type { Access } from '../../aws/access.ts';
import { kmsCall } from '../../aws/keyPolicyWriter.ts';
import { change, type Seen, unrepeated, type Written } from '../../aws/keyPolicyWriterChange.ts';
import type { Clock } from '../../aws/keyPolicyWriterPatience.ts';
import { required } from '../../aws/required.ts';
import { keyIdentity } from '../../trail/arn.ts';
import { kmsCommand } from '../../trail/repair/commands.ts';
import type { Step } from './applySteps.ts';

export function cancelDeletion(access: Access, keyArn: string, clock: Clock): Step {
  // Whatever else becomes of a key whose deletion is cancelled, it is not deleted.
  const look = async (): Promise<Seen> => (PENDING.has(await stateOf(access, keyArn)) ? 'before' : 'after');
  return {
    name: `cancel the deletion of ${keyArn}`,
    run: () => kmsChange(access, keyArn, 'CancelKeyDeletion', CancelKeyDeletionCommand, look, clock),
    undo: { harm: 'the deletion of the key stays cancelled: scheduling it again is for a person' },
    passing: new Set(),
  };
}

const PENDING: ReadonlySet<string> = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

export function enableKey(access: Access, keyArn: string, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const state = await stateOf(access, keyArn);
    return state === 'Enabled' ? 'after' : state === 'Disabled' ? 'before' : 'other';
  };
  return {
    name: `enable ${keyArn}`,
    run: () => kmsChange(access, keyArn, 'EnableKey', EnableKeyCommand, look, clock),
    undo: () =>
      undoUnlessOther(keyArn, 'describe-key', look, (back) =>
        kmsChange(access, keyArn, 'DisableKey', DisableKeyCommand, back, clock),
      ),
    // Right after a cancelled deletion.
    passing: new Set(['KMSInvalidStateException']),
  };
}

export function enableRotation(access: Access, keyArn: string, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const call = kmsCall('GetKeyRotationStatus', keyArn);
    const status = await access.session.demand(call, (options) =>
      kms(access, keyArn).send(new GetKeyRotationStatusCommand({ KeyId: idOf(keyArn) }), options),
    );
    if (!required(call, status, 'KeyRotationEnabled')) return 'before';
    return (status.RotationPeriodInDays ?? DEFAULT_PERIOD) === DEFAULT_PERIOD ? 'after' : 'other';
  };
  return {
    name: `turn on the rotation of ${keyArn}`,
    run: () => kmsChange(access, keyArn, 'EnableKeyRotation', EnableKeyRotationCommand, look, clock),
    undo: () =>
      undoUnlessOther(keyArn, 'get-key-rotation-status', look, (back) =>
        kmsChange(access, keyArn, 'DisableKeyRotation', DisableKeyRotationCommand, back, clock),
      ),
    // Right after the key was enabled.
    passing: new Set(['DisabledException', 'KMSInvalidStateException']),
  };
}

/** Days between two rotations where nobody names a number (KMS API Reference, EnableKeyRotation). */
const DEFAULT_PERIOD = 365;

/** The change back, looked for the other way round. */
async function undoUnlessOther(
  keyArn: string,
  shownBy: string,
  look: () => Promise<Seen>,
  undo: (look: () => Promise<Seen>) => Promise<Written>,
): Promise<Written> {
  if ((await look()) !== 'other') return undo(async () => REVERSED[await look()]);
  const reason = `somebody else has changed the key in the meantime, which was left as it is; this shows it: ${kmsCommand(shownBy, keyArn)}`;
  return { done: false, code: 'Changed', reason };
}

export const REVERSED: Readonly<Record<Seen, Seen>> = { before: 'after', after: 'before', other: 'other' };

function kmsChange<C extends object>(
  access: Access,
  keyArn: string,
  operation: string,
  Command: new (input: { readonly KeyId: string }) => C,
  look: () => Promise<Seen>,
  clock: Clock,
): Promise<Written> {
  const send = (options: { abortSignal: AbortSignal }): Promise<unknown> =>
    kms(access, keyArn).send(unrepeated(new Command({ KeyId: idOf(keyArn) })) as never, options);
  return change(access, { call: kmsCall(operation, keyArn), send, look }, clock);
}

async function stateOf(access: Access, keyArn: string): Promise<string> {
  const call = kmsCall('DescribeKey', keyArn);
  const described = await access.session.demand(call, (options) =>
    kms(access, keyArn).send(new DescribeKeyCommand({ KeyId: keyArn }), options),
  );
  return required(call, required(call, described, 'KeyMetadata'), 'KeyState');
}

const kms = ({ clients }: Access, keyArn: string): KMSClient =>
  clients.get(KMSClient, keyIdentity(keyArn)?.region ?? '');

const idOf = (keyArn: string): string => keyIdentity(keyArn)?.keyId ?? keyArn;
