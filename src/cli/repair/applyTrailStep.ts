import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import type { Access } from '../../aws/access.ts';
import { type Call, InfrastructureError } from '../../aws/errors.ts';
import { change, type Seen, unrepeated, type Written } from '../../aws/keyPolicyWriterChange.ts';
import type { Clock } from '../../aws/keyPolicyWriterPatience.ts';
import { demandTrail } from '../../aws/read/trail.ts';
import { required } from '../../aws/required.ts';
import { trailIdentity } from '../../trail/arn.ts';
import { quoted } from '../../trail/repair/commands.ts';
import type { Step } from './applySteps.ts';

/** CloudTrail asks KMS for a data key before it takes a key (AWS CloudTrail API Reference, UpdateTrail). */
const PASSING: ReadonlySet<string> = new Set([
  'InsufficientEncryptionPolicyException',
  'KmsException',
  'KmsKeyDisabledException',
  'KmsKeyNotFoundException',
]);

/** Gives a trail without a key its key. */
export function setKey(access: Access, trailArn: string, keyArn: string, clock: Clock): Step {
  const region = trailIdentity(trailArn)?.homeRegion ?? '';
  const call: Call = {
    service: 'CloudTrail',
    operation: 'UpdateTrail',
    permission: 'cloudtrail:UpdateTrail',
    subject: trailArn,
    region,
  };
  const shownBy = `aws cloudtrail describe-trails --region ${quoted(region)} --trail-name-list ${quoted(trailArn)}`;
  const liveKey = async (): Promise<string> => (await demandTrail(access, trailArn)).KmsKeyId ?? '';
  /** @param from an empty text stands for no key */
  const update = (from: string, to: string): Promise<Written> => {
    const send = async (options: { abortSignal: AbortSignal }): Promise<void> => {
      const command = unrepeated(new UpdateTrailCommand({ Name: trailArn, KmsKeyId: to }));
      required(call, await access.clients.get(CloudTrailClient, region).send(command, options), 'TrailARN');
    };
    const look = async (): Promise<Seen> => {
      const live = await liveKey();
      return live === to ? 'after' : live === from ? 'before' : 'other';
    };
    return change(access, { call, send, look }, clock);
  };
  return {
    name: `set the key of ${trailArn}`,
    async run() {
      try {
        const live = await liveKey();
        if (live !== '' && live !== keyArn)
          return { done: false, code: 'Changed', reason: `somebody else has given the trail the key ${live}` };
      } catch (error) {
        // Told apart from a write without an answer: here there is nothing to take back.
        if (error instanceof InfrastructureError) return { done: false, code: 'Unread', reason: error.message };
        throw error;
      }
      return update('', keyArn);
    },
    // An empty value takes the key off the trail again.
    async undo() {
      const live = await liveKey();
      // CloudTrail may still show the trail from before the change.
      if (live === keyArn || live === '') return update(keyArn, '');
      const reason = `somebody else has given the trail the key ${live} in the meantime, which was left as it is; this shows it: ${shownBy}`;
      return { done: false, code: 'Changed', reason };
    },
    passing: PASSING,
  };
}
