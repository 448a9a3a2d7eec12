import { kmsCommand } from '../trail/repair/commands.ts';
import { change, type Seen, type Written } from './change.ts';
import type { Clock } from './patience.ts';
import type { KeyOperation, KeyStatePort } from './ports.ts';
import { changed, type Step, type StepAnswer } from './step.ts';

export function cancelDeletion(port: KeyStatePort, clock: Clock): Step {
  // Whatever else becomes of a key whose deletion is cancelled, it is not deleted.
  const look = async (): Promise<Seen> => (PENDING.has(await port.state()) ? 'before' : 'after');
  return {
    name: `cancel the deletion of ${port.keyArn}`,
    run: () => keyChange(port, 'CancelKeyDeletion', look, clock),
    undo: { harm: 'the deletion of the key stays cancelled: scheduling it again is for a person' },
    passing: new Set(),
  };
}

const PENDING: ReadonlySet<string> = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

export function enableKey(port: KeyStatePort, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const state = await port.state();
    return state === 'Enabled' ? 'after' : state === 'Disabled' ? 'before' : 'other';
  };
  return {
    name: `enable ${port.keyArn}`,
    run: () => keyChange(port, 'EnableKey', look, clock),
    undo: () => undoUnlessOther(port, 'describe-key', look, (back) => keyChange(port, 'DisableKey', back, clock)),
    // Right after a cancelled deletion.
    passing: new Set(['KMSInvalidStateException']),
  };
}

export function enableRotation(port: KeyStatePort, clock: Clock): Step {
  const look = async (): Promise<Seen> => {
    const period = await port.rotationPeriod();
    return period === null ? 'before' : period === DEFAULT_PERIOD ? 'after' : 'other';
  };
  return {
    name: `turn on the rotation of ${port.keyArn}`,
    run: () => keyChange(port, 'EnableKeyRotation', look, clock),
    undo: () =>
      undoUnlessOther(port, 'get-key-rotation-status', look, (back) =>
        keyChange(port, 'DisableKeyRotation', back, clock),
      ),
    // Right after the key was enabled.
    passing: new Set(['DisabledException', 'KMSInvalidStateException']),
  };
}

/** Days between two rotations where nobody names a number (KMS API Reference, EnableKeyRotation). */
export const DEFAULT_PERIOD = 365;

/** The change back, looked for the other way round. */
async function undoUnlessOther(
  { keyArn }: KeyStatePort,
  shownBy: string,
  look: () => Promise<Seen>,
  undo: (look: () => Promise<Seen>) => Promise<Written>,
): Promise<StepAnswer> {
  if ((await look()) !== 'other') return undo(async () => REVERSED[await look()]);
  return changed(
    `somebody else has changed the key in the meantime, which was left as it is; this shows it: ${kmsCommand(shownBy, keyArn)}`,
  );
}

const REVERSED: Readonly<Record<Seen, Seen>> = { before: 'after', after: 'before', other: 'other' };

const keyChange = (
  port: KeyStatePort,
  operation: KeyOperation,
  look: () => Promise<Seen>,
  clock: Clock,
): Promise<Written> => change({ send: () => port.send(operation), look }, clock);
