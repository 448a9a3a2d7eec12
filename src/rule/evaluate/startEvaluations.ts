import type { TrailDescription } from '../../trail/facts.ts';
import { mapConcurrently } from '../concurrency.ts';
import { type ChangedKey, keyUse } from '../event/keyChange.ts';
import { type Sleep, sleep } from './sendEvaluations.ts';

/** Where a rule evaluates a trail: the trail's account and home Region. */
export interface RulePlace {
  readonly accountId: string;
  readonly region: string;
}

/**
 * `started`: AWS Config evaluates the rule now. `busy`: it evaluates the rule already, or did within the last minute, and
 * so may have read the key before it changed. `no-rule`: no rule of this function is there.
 */
export type StartOutcome = 'started' | 'busy' | 'no-rule';

export interface StartPorts {
  /** Every trail that may use the key: those of one account and Region, or of an organization. */
  trails(): Promise<readonly TrailDescription[]>;
  /** The same of event data stores; left out: they are not evaluated. */
  eventDataStores?(): Promise<readonly TrailDescription[]>;
  /** StartConfigRulesEvaluation for the rules of this function. */
  startEvaluation(place: RulePlace): Promise<StartOutcome>;
}

/** What became of one place. */
export interface StartedPlace extends RulePlace {
  readonly outcome: StartOutcome | 'failed';
  /** Why, where it failed. */
  readonly error: unknown;
}

/** Calls at the same time. */
const CONCURRENT_PLACES = 8;
/** A second call within a minute is refused (AWS Config API Reference, StartConfigRulesEvaluation). */
const BUSY_PAUSE = 65_000;
const ATTEMPTS = 3;
/** Places that an error names. */
const PLACES_NAMED = 5;

/** Some rules could not be started: the invocation must fail, so that it is tried again. */
export class RulesNotStartedError extends Error {
  override readonly name = 'RulesNotStartedError';

  constructor(busy: readonly RulePlace[], failed: readonly StartedPlace[]) {
    const [first] = failed;
    const reasons = [
      ...busy.map((place) => `${nameOf(place)} (still evaluating)`),
      ...failed.map((place) => `${nameOf(place)} (${reasonOf(place.error)})`),
    ];
    super(`the rule was not started everywhere: ${reasons.slice(0, PLACES_NAMED).join(', ')}`, {
      cause: first?.error,
    });
  }
}

/**
 * Has every trail, and event data store, that uses a changed key evaluated, where it lives. A place that is busy is tried again, since
 * the evaluation that runs may have read the key before it changed.
 *
 * @returns what became of each place; empty when no trail uses the key
 * @throws RulesNotStartedError when a place stayed busy or failed; what listing event data stores throws. The others have been
 * started by then
 */
export async function startEvaluations(
  key: ChangedKey,
  ports: StartPorts,
  pause: Sleep = sleep,
): Promise<readonly StartedPlace[]> {
  const [trails, stores] = await Promise.all([
    ports.trails(),
    ports.eventDataStores?.().catch((error: unknown) => ({ error })) ?? [],
  ]);
  const users = 'error' in stores ? trails : [...trails, ...stores];
  let busy: readonly RulePlace[] = placesOf(users.filter((trail) => keyUse(trail, key) !== 'no'));
  const settled: StartedPlace[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && busy.length > 0; attempt += 1) {
    if (attempt > 0) await pause(BUSY_PAUSE);
    const results = await mapConcurrently(busy, CONCURRENT_PLACES, (place) => start(place, ports));
    settled.push(...results.filter(({ outcome }) => outcome !== 'busy'));
    busy = results.filter(({ outcome }) => outcome === 'busy');
  }
  const failed = settled.filter(({ outcome }) => outcome === 'failed');
  if (busy.length + failed.length > 0) throw new RulesNotStartedError(busy, failed);
  if ('error' in stores) throw stores.error;
  return settled;
}

function placesOf(trails: readonly TrailDescription[]): readonly RulePlace[] {
  const places = trails.map(({ accountId, homeRegion }) => ({ accountId, region: homeRegion }));
  return [...new Map(places.map((place) => [nameOf(place), place])).values()];
}

const nameOf = ({ accountId, region }: RulePlace): string => `${accountId} in ${region}`;

/** A place that fails keeps no other one from being started. */
async function start({ accountId, region }: RulePlace, ports: StartPorts): Promise<StartedPlace> {
  try {
    const outcome = await ports.startEvaluation({ accountId, region });
    return { accountId, region, outcome, error: null };
  } catch (error) {
    return { accountId, region, outcome: 'failed', error };
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
