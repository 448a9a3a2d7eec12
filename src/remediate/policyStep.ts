import { readPolicyCommand } from '../trail/repair/commands.ts';
import { change, type Written } from './change.ts';
import type { Clock } from './patience.ts';
import type { KeyPolicyPort } from './ports.ts';
import { isSamePolicy } from './samePolicy.ts';
import { changed, type Step, type StepAnswer, unread } from './step.ts';

/** A key policy as it is and as it will be. */
export interface Policies {
  readonly before: string;
  readonly after: string;
}

export function writePolicy(port: KeyPolicyPort, texts: Policies, clock: Clock): Step {
  return {
    name: `write the policy of ${port.keyArn}`,
    run: () => replaceKeyPolicy(port, texts, clock),
    undo: () => restoreKeyPolicy(port, texts, clock),
    passing: new Set(),
  };
}

/**
 * Replaces a policy only while it still is what the plan was made from: it is read again immediately before.
 *
 * @throws when it stays unknown whether the policy was written
 */
async function replaceKeyPolicy(port: KeyPolicyPort, { before, after }: Policies, clock: Clock): Promise<StepAnswer> {
  let live: string;
  try {
    live = await port.read();
  } catch (error) {
    return unread(error);
  }
  if (isSamePolicy(live, before)) return write(port, before, after, clock);
  return changed('the key policy was changed since it was read: plan again from what it is now');
}

/**
 * Puts the earlier policy back, unless it is neither of the two any more: what somebody else wrote is never overwritten.
 *
 * @throws when it cannot be read, or when it stays unknown whether it was written
 */
async function restoreKeyPolicy(port: KeyPolicyPort, { before, after }: Policies, clock: Clock): Promise<StepAnswer> {
  const live = await port.read();
  // KMS may still show the policy from before the write.
  if (isSamePolicy(live, after) || isSamePolicy(live, before)) return write(port, after, before, clock);
  return changed(
    `somebody else has written another key policy in the meantime, which was left as it is; this shows it: ${readPolicyCommand(port.keyArn)}`,
  );
}

const write = (port: KeyPolicyPort, from: string, to: string, clock: Clock): Promise<Written> =>
  change(
    {
      send: () => port.write(to),
      look: async () => {
        const live = await port.read();
        if (isSamePolicy(live, to)) return 'after';
        return isSamePolicy(live, from) ? 'before' : 'other';
      },
    },
    clock,
  );
