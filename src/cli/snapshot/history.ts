import type { ConfigurationItem, ConfigurationItemSummary } from '../../rule/event/invocation.ts';
import { kindNamed, kindOf, TRAIL } from '../../rule/event/resourceKind.ts';
import { BadInput } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The item that Config's history would return for an oversized notification: the snapshot's trail or event data store
 * in the item's shape.
 *
 * Throws `BadInput` when the snapshot does not hold it.
 */
export function configurationItemOf(snapshot: Snapshot, summary: ConfigurationItemSummary): ConfigurationItem {
  const kind = kindNamed(summary.resourceType) ?? TRAIL;
  const named = [...snapshot.trails.map(({ description }) => description), ...snapshot.eventDataStores]
    .filter((resource) => kindOf(resource) === kind && !resource.eventDataStore?.unread)
    .filter(({ name, arn }) => [name, arn].includes(summary.resourceId));
  const trail =
    named.find(({ arn }) => arn === summary.arn) ??
    named.find(({ accountId, homeRegion }) => accountId === summary.accountId && homeRegion === summary.region) ??
    named.find(({ accountId }) => accountId === summary.accountId) ??
    named.find(({ isOrganization }) => isOrganization);
  if (trail === undefined) {
    throw new BadInput(
      `the snapshot holds no ${kind.what} \`${summary.resourceId}\` of account \`${summary.accountId}\`, which the oversized notification needs`,
    );
  }
  return { ...summary, configuration: kind.configurationOf(trail) };
}
