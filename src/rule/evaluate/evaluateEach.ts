import type { KnownChanges, TrailDescription } from '../../trail/facts.ts';
import { asTheyCome } from '../concurrency.ts';
import { InvalidInputError, messageOf } from '../errors.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import type { RuleParameters } from '../parameters.ts';
import { NO_KNOWN_CHANGES, type TrailPorts, trailEvaluator } from './evaluateTrails.ts';
import type { TrailVerdict, UnevaluatedTrail } from './evaluation.ts';

/**
 * A trail that takes longer makes room for the next one, in milliseconds. A healthy one takes half a second; a request
 * that hangs takes 17 seconds to the end of its last attempt.
 */
export const PATIENCE = 3_000;

export interface Evaluating {
  readonly ports: TrailPorts;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  /** Trails that are read at the same time. */
  readonly concurrent: number;
  /** Verdicts that are handed out together. */
  readonly together: number;
}

/** A trail to evaluate, and when it or its key last changed, where that is known. */
interface EvaluatedItem {
  readonly trail: TrailDescription;
  readonly changes?: KnownChanges;
}

/** The verdict on the trail of an item. */
export interface Evaluated<Item> {
  readonly item: Item;
  readonly index: number;
  readonly verdict: TrailVerdict;
}

/** Verdicts in the order of the items, and the trails that were left without one meanwhile. */
export interface EvaluatedItems<Item> {
  readonly evaluated: readonly Evaluated<Item>[];
  readonly unevaluated: readonly UnevaluatedTrail[];
}

/**
 * Evaluates trails and hands out verdicts as soon as so many are there. A trail that cannot be read, or is not evaluated
 * when the deadline passes, costs its own verdict alone.
 *
 * @throws InvalidInputError at once: wrong parameters are wrong for every trail
 */
export async function* evaluateEach<Item extends EvaluatedItem>(
  items: readonly Item[],
  { ports, parameters, exceptions, concurrent, together }: Evaluating,
): AsyncGenerator<EvaluatedItems<Item>, void> {
  const evaluate = trailEvaluator(ports, parameters, exceptions);
  const answer = async (item: Item): Promise<{ item: Item; verdict: TrailVerdict } | UnevaluatedTrail> => {
    try {
      return { item, verdict: await evaluate(item.trail, item.changes ?? NO_KNOWN_CHANGES) };
    } catch (error) {
      if (error instanceof InvalidInputError) throw error;
      return unevaluatedTrail(item.trail, error);
    }
  };
  let evaluated: Evaluated<Item>[] = [];
  let unevaluated: UnevaluatedTrail[] = [];
  const handOut = (): EvaluatedItems<Item> => {
    const batch = { evaluated: evaluated.toSorted((one, other) => one.index - other.index), unevaluated };
    [evaluated, unevaluated] = [[], []];
    return batch;
  };
  for await (const [index, answered] of asTheyCome(items, concurrent, PATIENCE, answer)) {
    if ('reason' in answered) unevaluated.push(answered);
    else evaluated.push({ ...answered, index });
    if (evaluated.length === together) yield handOut();
  }
  yield handOut();
}

/** A trail without a verdict, for an error. */
export const unevaluatedTrail = (
  { arn, accountId, isOrganization, eventDataStore }: TrailDescription,
  error: unknown,
): UnevaluatedTrail => ({
  trailArn: arn,
  accountId,
  isOrganization: isOrganization === true && eventDataStore === undefined,
  reason: messageOf(error),
});
