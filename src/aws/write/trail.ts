import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { trailIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import type { Call } from '../errors.ts';
import { change, type Seen, unrepeated, type Written } from '../keyPolicyWriterChange.ts';
import type { Clock } from '../keyPolicyWriterPatience.ts';
import { required } from '../required.ts';

/**
 * Gives a trail a key.
 *
 * @param KmsKeyId an empty text takes the key off the trail
 * @param look what is there of the change
 */
export function setTrailKey(
  access: Access,
  trailArn: string,
  KmsKeyId: string,
  look: () => Promise<Seen>,
  clock: Clock,
): Promise<Written> {
  const region = trailIdentity(trailArn)?.homeRegion ?? '';
  const call: Call = {
    service: 'CloudTrail',
    operation: 'UpdateTrail',
    permission: 'cloudtrail:UpdateTrail',
    subject: trailArn,
    region,
  };
  const send = async (options: { abortSignal: AbortSignal }): Promise<void> => {
    const command = unrepeated(new UpdateTrailCommand({ Name: trailArn, KmsKeyId }));
    required(call, await access.clients.get(CloudTrailClient, region).send(command, options), 'TrailARN');
  };
  return change(access, { call, send, look }, clock);
}
