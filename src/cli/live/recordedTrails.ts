import type { Access, Home } from '../../aws/access.ts';
import { recordedTrails as readRecordedTrails } from '../../aws/read/recordedTrails.ts';
import { trailMember } from '../../facts/trails.ts';
import { centralTrails } from '../../rule/central/centralTrails.ts';
import { BadInput } from '../errors.ts';
import { type Failure, failureAt } from './failure.ts';
import { type FoundTrail, foundTrail } from './trails.ts';

/**
 * Every trail that a Config aggregator in the caller's account and Region knows, and the records that cannot be read. A
 * trail that is recorded in several accounts or Regions comes from where it lives, if it is recorded there.
 *
 * @throws BadInput when there is no such aggregator; InfrastructureError when it cannot be asked
 */
export async function recordedTrails(
  own: Access,
  home: Home,
  name: string,
): Promise<{ readonly trails: readonly FoundTrail[]; readonly failures: readonly Failure[] }> {
  const missing = (problem: string): Error => new BadInput(`\`--aggregator\` ${problem}`);
  const { trails, unreadable } = centralTrails(await readRecordedTrails(own, { name, home, missing }), []);
  return {
    trails: trails.map(({ trail }) => ({ ...foundTrail(trailMember(trail)), isRecorded: true })),
    failures: unreadable.map(({ trailArn, accountId, reason }) =>
      failureAt(trailArn ?? `account ${accountId}`, reason),
    ),
  };
}
