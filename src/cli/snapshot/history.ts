import { trailMember } from '../../facts/trails.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from '../../rule/event/invocation.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { BadInput } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The item that Config's history would return for an oversized notification: the snapshot's trail in the item's shape.
 *
 * Throws `BadInput` when the snapshot does not hold the trail.
 */
export function configurationItemOf(snapshot: Snapshot, summary: ConfigurationItemSummary): ConfigurationItem {
  const named = snapshot.trails
    .map(({ description }) => description)
    .filter(({ name, arn }) => [name, arn].includes(summary.resourceId));
  const trail =
    named.find(({ arn }) => arn === summary.arn) ??
    named.find(({ accountId, homeRegion }) => accountId === summary.accountId && homeRegion === summary.region) ??
    named.find(({ accountId }) => accountId === summary.accountId) ??
    named.find(({ isOrganization }) => isOrganization);
  if (trail === undefined) {
    throw new BadInput(
      `the snapshot holds no trail \`${summary.resourceId}\` of account \`${summary.accountId}\`, which the oversized notification needs`,
    );
  }
  return { ...summary, configuration: configurationOf(trail) };
}

/** AWS Config spells CloudTrail's members with a small first letter, and leaves out what is not set. */
function configurationOf(trail: TrailDescription): Readonly<Record<string, unknown>> {
  const members = Object.entries(trailMember(trail)).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}
