import type { TrailDescription } from '../../trail/facts.ts';
import { quote } from '../quote.ts';
import type { ConfigurationItem, ConfigurationItemSummary } from './invocation.ts';
import { kindNamed, kindOf, TRAIL } from './resourceKind.ts';

/** Statuses under which AWS Config holds a living, recorded resource (AWS Config API Reference, ConfigurationItem). */
const LIVING = new Set(['OK', 'ResourceDiscovered']);

const WHY_NOT: ReadonlyMap<string, (what: string) => string> = new Map([
  ['ResourceDeleted', (what) => `the ${what} was deleted`],
  ['ResourceDeletedNotRecorded', (what) => `the ${what} was deleted, and AWS Config does not record ${what}s here`],
  ['ResourceNotRecorded', (what) => `AWS Config does not record ${what}s here`],
]);

const DELETED = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded']);

export const isDeleted = ({ status }: ConfigurationItemSummary): boolean => DELETED.has(status);

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
  const { what } = kindNamed(item.resourceType) ?? TRAIL;
  if (!LIVING.has(item.status))
    return WHY_NOT.get(item.status)?.(what) ?? `the status of the ${what}'s item is ${quote(item.status)}`;
  if (eventLeftScope) return `the ${what} left the scope of the rule`;
  if ('configuration' in item && item.configuration === null) return `the ${what}'s item carries no configuration`;
  return null;
}

/**
 * Why a trail is not to be evaluated in an account and Region, as an annotation; `null` when it lives there.
 *
 * Shadow Regions of a multi-Region trail and member accounts of an organization trail see replicas. Whether a rule
 * evaluates the trail where it lives cannot be known here, so the sentence does not claim it.
 */
export function whyReplica(trail: TrailDescription, accountId: string, region: string): string | null {
  const { what } = kindOf(trail);
  if (trail.accountId !== accountId)
    return `replica: the ${what} belongs to account ${trail.accountId} in ${trail.homeRegion} and is to be evaluated there`;
  if (trail.homeRegion !== region)
    return `replica: the ${what}'s home Region is ${trail.homeRegion}, where it is to be evaluated`;
  return null;
}
