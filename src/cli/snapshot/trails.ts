import { type ErrorMember, isErrorMember } from '../../facts/members.ts';
import { trailOutputs } from '../../facts/outputs.ts';
import { trailEvents } from '../../facts/trailEvents.ts';
import { describeTrail, trailStatus, withTags } from '../../facts/trails.ts';
import { BadInput } from '../errors.ts';
import type { RawTrailEntry } from './schema.ts';
import type { Snapshot, SnapshotTrail } from './snapshot.ts';

/**
 * The trails of a snapshot, each once, and those that it could not hold.
 *
 * Throws `BadInput` on two entries of one trail with different keys.
 */
export function trailsOf(entries: ErrorMember | readonly RawTrailEntry[]): Pick<Snapshot, 'trails' | 'unreadTrails'> {
  if (isErrorMember(entries)) return { trails: [], unreadTrails: [unreadTrail('the list of trails', entries)] };
  const trails = new Map<string, SnapshotTrail>();
  const unreadTrails: string[] = [];
  entries.forEach((entry, index) => {
    if (isErrorMember(entry)) unreadTrails.push(unreadTrail(`trails[${index}]`, entry));
    else if (isErrorMember(entry.Trail)) unreadTrails.push(unreadTrail(`trails[${index}]`, entry.Trail));
    else {
      const description = withTags(describeTrail(entry.Trail), entry.Tags);
      const trail = {
        description,
        status: trailStatus(entry.Status, description.accountId),
        events: trailEvents(entry),
        outputs: trailOutputs(entry, description.arn),
      };
      const earlier = trails.get(trail.description.arn);
      if (earlier !== undefined && earlier.description.kmsKeyId !== description.kmsKeyId)
        throw new BadInput(
          `\`trails[${index}]\` describes \`${description.arn}\` again, and with another \`KmsKeyId\``,
        );
      // DescribeTrails shows a multi-Region trail once in each Region: the entry that knows the status is kept.
      if (earlier === undefined || !earlier.status.read) trails.set(trail.description.arn, trail);
    }
  });
  return { trails: [...trails.values()], unreadTrails };
}

function unreadTrail(what: string, { Error: error }: ErrorMember): string {
  return `${what} could not be read: ${[error.Code, error.Message].filter((part) => part !== null).join(': ') || 'no reason given'}`;
}
