import type { TrailDescription } from '../../trail/facts.ts';
import { quote } from '../quote.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from './invocation.ts';

/** Statuses under which AWS Config holds a living, recorded resource (AWS Config API Reference, ConfigurationItem). */
const LIVING = new Set(['OK', 'ResourceDiscovered']);

const WHY_NOT: ReadonlyMap<string, string> = new Map([
  ['ResourceDeleted', 'the trail was deleted'],
  ['ResourceDeletedNotRecorded', 'the trail was deleted, and AWS Config does not record trails here'],
  ['ResourceNotRecorded', 'AWS Config does not record trails here'],
]);

/**
 * Why a changed resource is not to be evaluated, as an annotation; `null` when it is.
 *
 * All three signs count: events exist whose status is OK although the resource left the scope and carries no
 * configuration.
 */
export function whyNotApplicable(
  item: ConfigurationItem | ConfigurationItemSummary,
  eventLeftScope: boolean,
): string | null {
  if (!LIVING.has(item.status))
    return WHY_NOT.get(item.status) ?? `the status of the trail's item is ${quote(item.status)}`;
  if (eventLeftScope) return 'the trail left the scope of the rule';
  if ('configuration' in item && item.configuration === null) return "the trail's item carries no configuration";
  return null;
}

/**
 * Why a trail is not to be evaluated in an account and Region, as an annotation; `null` when it lives there.
 *
 * Shadow Regions of a multi-Region trail and member accounts of an organization trail see replicas. Whether a rule
 * evaluates the trail where it lives cannot be known here, so the sentence does not claim it.
 */
export function whyReplica(trail: TrailDescription, accountId: string, region: string): string | null {
  if (trail.accountId !== accountId)
    return `replica: the trail belongs to account ${trail.accountId} in ${trail.homeRegion} and is to be evaluated there`;
  if (trail.homeRegion !== region)
    return `replica: the trail's home Region is ${trail.homeRegion}, where it is to be evaluated`;
  return null;
}
