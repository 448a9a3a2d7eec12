import type { TrailDescription } from '../../trail/facts.ts';
import { isDeleted, whyNotApplicable, whyReplica } from '../event/applicability.ts';
import type {
  ChangeInvocation,
  ConfigurationItem,
  ConfigurationItemSummary,
  OversizedInvocation,
} from '../event/invocation.ts';
import { kindNamed, TRAIL } from '../event/resourceKind.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import type { RuleParameters } from '../parameters.ts';
import type { RulePorts } from '../ports.ts';
import { evaluateTrails } from './evaluateTrails.ts';
import type { UnexaminedResource, Verdict } from './evaluation.ts';
import { unexamined } from './unexamined.ts';

/** What an evaluation is made with. */
export interface Surroundings {
  readonly ports: RulePorts;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
}

export async function evaluateChange(
  { item, eventLeftScope }: Pick<ChangeInvocation, 'item' | 'eventLeftScope'>,
  { ports, parameters, exceptions }: Surroundings,
): Promise<Verdict> {
  const why = whyNotApplicable(item, eventLeftScope);
  if (why !== null) return unexaminedItem(item, null, why);
  const trail = (kindNamed(item.resourceType) ?? TRAIL).describe(item.configuration, item.arn);
  const replica = whyReplica(trail, item.accountId, item.region);
  if (replica !== null) return unexaminedItem(item, trail, replica);
  const changes = { trail: item.captureTime, key: null };
  const [verdict] = await evaluateTrails([trail], ports, parameters, exceptions, changes);
  // INVARIANT: evaluateTrails answers every trail.
  if (verdict === undefined) throw new Error(`no verdict on \`${trail.arn}\``);
  return verdict;
}

/** The item that was too large for the event is read back, unless its summary tells that there is nothing to evaluate. */
export async function evaluateOversized(
  { summary, eventLeftScope }: OversizedInvocation,
  around: Surroundings,
): Promise<Verdict> {
  const why = whyNotApplicable(summary, eventLeftScope);
  if (why !== null) return unexaminedItem(summary, null, why);
  const item: ConfigurationItem = await around.ports.configurationItem(summary);
  return evaluateChange({ item, eventLeftScope }, around);
}

function unexaminedItem(
  item: ConfigurationItemSummary,
  trail: TrailDescription | null,
  why: string,
): UnexaminedResource {
  const { resourceId, arn, accountId, region } = item;
  return unexamined({ resourceId, trailArn: trail?.arn ?? arn, accountId, region, isGone: isDeleted(item) }, why);
}
