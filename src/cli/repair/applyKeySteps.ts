import type { Access } from '../../aws/access.ts';
import type { Seen, Written } from '../../aws/keyPolicyWriterChange.ts';
import type { Clock } from '../../aws/keyPolicyWriterPatience.ts';
import { changeKey, DEFAULT_PERIOD, keyState, rotationPeriod } from '../../aws/write/key.ts';
import { kmsCommand } from '../../trail/repair/commands.ts';
import type { Step } from './applyStep.ts';

export function cancelDeletion(access: Access, keyArn: string, clock: Clock): Step {
  // Whatever else becomes of a key whose deletion is cancelled, it is not deleted.
  const look = async (): Promise<Seen> => (PENDING.has(await keyState(access, keyArn)) ? 'before' : 'after');
  return {
    name: `cancel the deletion of ${keyArn}`,
    run: () => changeKey(access, keyArn, 'CancelKeyDeletion', look, clock),
    undo: { harm: 'the deletion of the key stays cancelled: scheduling it again is for a person' },
    passing: new Set(),
  };
}

const PENDING: ReadonlySet<string> = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

export function enableKey(access: Access, keyArn: string, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const state = await keyState(access, keyArn);
    return state === 'Enabled' ? 'after' : state === 'Disabled' ? 'before' : 'other';
  };
  return {
    name: `enable ${keyArn}`,
    run: () => changeKey(access, keyArn, 'EnableKey', look, clock),
    undo: () =>
      undoUnlessOther(keyArn, 'describe-key', look, (back) => changeKey(access, keyArn, 'DisableKey', back, clock)),
    // Right after a cancelled deletion.
    passing: new Set(['KMSInvalidStateException']),
  };
}

export function enableRotation(access: Access, keyArn: string, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const period = await rotationPeriod(access, keyArn);
    return period === null ? 'before' : period === DEFAULT_PERIOD ? 'after' : 'other';
  };
  return {
    name: `turn on the rotation of ${keyArn}`,
    run: () => changeKey(access, keyArn, 'EnableKeyRotation', look, clock),
    undo: () =>
      undoUnlessOther(keyArn, 'get-key-rotation-status', look, (back) =>
        changeKey(access, keyArn, 'DisableKeyRotation', back, clock),
      ),
    // Right after the key was enabled.
    passing: new Set(['DisabledException', 'KMSInvalidStateException']),
  };
}

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
