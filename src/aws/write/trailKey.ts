import { CloudTrailClient, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import type { TrailKeyPort } from '../../remediate/ports.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { Access } from '../access.ts';
import { callOf } from '../errors.ts';
import { demandTrail } from '../read/trail.ts';
import { required } from '../required.ts';
import { sendOnce } from './send.ts';

/** The key of one trail. */
export function trailKeyPort(access: Access, trailArn: string): TrailKeyPort {
  const call = callOf('CloudTrail', 'UpdateTrail', trailArn, trailIdentity(trailArn)?.homeRegion ?? '');
  return {
    trailArn,
    read: async () => (await demandTrail(access, trailArn)).KmsKeyId ?? '',
    write: (KmsKeyId) =>
      sendOnce(access, call, new UpdateTrailCommand({ Name: trailArn, KmsKeyId }), async (command, options) => {
        const cloudTrail = access.clients.get(CloudTrailClient, call.region);
        required(call, await cloudTrail.send(command, options), 'TrailARN');
      }),
  };
}
