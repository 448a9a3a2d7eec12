import { trailIdentity } from '../trail/arn.ts';
import { quoted } from '../trail/repair/commands.ts';
import { change, type Seen, type Written } from './change.ts';
import type { Clock } from './patience.ts';
import type { TrailKeyPort } from './ports.ts';
import { changed, type Step, unread } from './step.ts';

/** CloudTrail asks KMS for a data key before it takes a key (AWS CloudTrail API Reference, UpdateTrail). */
const PASSING: ReadonlySet<string> = new Set([
  'InsufficientEncryptionPolicyException',
  'KmsException',
  'KmsKeyDisabledException',
  'KmsKeyNotFoundException',
]);

/**
 * Gives a trail its key.
 *
 * @param keys the key that it has and the one that it gets; an empty text stands for no key
 */
export function setKey(port: TrailKeyPort, keys: { readonly from: string; readonly to: string }, clock: Clock): Step {
  const { trailArn } = port;
  const region = trailIdentity(trailArn)?.homeRegion ?? '';
  const shownBy = `aws cloudtrail describe-trails --region ${quoted(region)} --trail-name-list ${quoted(trailArn)}`;
  const update = (from: string, to: string): Promise<Written> => {
    const look = async (): Promise<Seen> => {
      const live = await port.read();
      return live === to ? 'after' : live === from ? 'before' : 'other';
    };
    return change({ send: () => port.write(to), look }, clock);
  };
  return {
    name: `set the key of ${trailArn}`,
    async run() {
      try {
        const live = await port.read();
        if (live !== keys.from && live !== keys.to) return changed(`somebody else has given the trail the key ${live}`);
      } catch (error) {
        return unread(error);
      }
      return update(keys.from, keys.to);
    },
    // An empty value takes the key off the trail again.
    async undo() {
      const live = await port.read();
      // CloudTrail may still show the trail from before the change.
      if (live === keys.to || live === keys.from) return update(keys.to, keys.from);
      return changed(
        `somebody else has given the trail the key ${live} in the meantime, which was left as it is; this shows it: ${shownBy}`,
      );
    },
    passing: PASSING,
  };
}
