import type { CentralTask } from '../../../src/rule/central/centralTask.ts';
import type { Evaluation } from '../../../src/rule/evaluate/evaluation.ts';
import type { TrailDescription } from '../../../src/trail/facts.ts';
import type { Calls, Weather } from './aws.ts';
import { type CentralOutcome, invokeCentral, type Published } from './central.ts';
import { type Chance, chance } from './chance.ts';
import { type Clock, clockAt } from './clock.ts';
import { disableKey, type Estate, estateOf, FUNCTION_ACCOUNT, REGIONS, START } from './estate.ts';
import { ConfigStore, everyEvent, invokeRule, keyChange, type RuleEvent, schedule } from './rules.ts';

/** Lambda tries an asynchronous invocation three times in all; what then fails comes back from the dead-letter queue. */
const ATTEMPTS = 3;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Invocations of the rule's function at the same time. */
const CONCURRENT_INVOCATIONS = 50;

export interface Simulated {
  readonly estate: Estate;
  /** The calls of each invocation that ended, and the accounts that it may reach. */
  readonly invocations: readonly {
    readonly about: string;
    readonly calls: Calls;
    readonly expected: ReadonlySet<string>;
  }[];
  readonly failures: number;
  readonly duplicates: number;
  readonly redriven: number;
}

export interface SimulatedCentral extends Simulated {
  readonly outcomes: readonly CentralOutcome[];
  readonly store: Published;
}

export interface SimulatedRules extends Simulated {
  readonly store: ConfigStore;
  /** The organization trail's verdict, from the schedule in the delegated administrator. */
  readonly organization: Published;
}

const SCHEDULE: CentralTask = {
  key: null,
  organizationTrailsOnly: false,
  expectedTrails: [],
};

/** (B): the central function on its schedule, with a duplicate and Lambda's retries. */
export async function simulateCentral(accounts: number, seed: number): Promise<SimulatedCentral> {
  const { estate, clock, luck, weather } = stage(accounts, seed, 2 * MINUTE);
  const store: Published = new Map();
  const outcomes: CentralOutcome[] = [];
  const days = 2;
  for (let day = 0; day < days; day += 1) {
    // Delivered at least once: the second day's event comes twice.
    for (let delivery = 0; delivery < (day === 1 ? 2 : 1); delivery += 1) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const outcome = await invokeCentral(estate, store, { clock, luck, weather, task: SCHEDULE });
        outcomes.push(outcome);
        if (!outcome.failed) break;
        await clock.sleep(MINUTE * (attempt + 1));
      }
    }
    if (day === 0) for (const trail of ailing(estate)) disableKey(estate, trail);
    await clock.sleep(24 * HOUR);
  }
  const everywhere = new Set([
    FUNCTION_ACCOUNT,
    ...[...estate.trails.values()].flatMap(({ trail }) => accountsOf(trail)),
  ]);
  return {
    estate,
    store,
    outcomes,
    invocations: outcomes.map(({ calls }) => ({ about: 'schedule', calls, expected: everywhere })),
    failures: outcomes.filter(({ failed }) => failed).length,
    duplicates: 1,
    redriven: 0,
  };
}

/** (C): one central function behind the rule of every member account and Region, and keys that change on the way. */
export async function simulateRules(accounts: number, seed: number): Promise<SimulatedRules> {
  const { estate, clock, luck, weather } = stage(accounts, seed, HOUR);
  const store = new ConfigStore();
  const trailsOf = trailsByPlace(estate);
  const world = { estate, store, trailsOf, clock, luck, weather };

  const first = twice(everyEvent(estate, START), luck);
  const before = await deliver(first, world);
  for (const trail of ailing(estate)) disableKey(estate, trail);
  const later = new Date(START.getTime() + HOUR);
  const changes = [
    ...ailing(estate).map(({ kmsKeyId }) => keyChange(kmsKeyId ?? '', later)),
    ...estate.members.slice(0, 200).map((accountId) => keyChange(unusedKey(accountId), later)),
  ];
  // The schedules of the day after, and what was delivered late.
  const stragglers = first.filter(() => luck.happens(0.02));
  const nextDay = new Date(START.getTime() + 24 * HOUR);
  const schedules = estate.members.flatMap((accountId) =>
    REGIONS.filter(() => luck.happens(0.2)).map((region) => schedule(accountId, region, nextDay)),
  );
  const after = await deliver(luck.shuffle([...twice(changes, luck), ...stragglers, ...schedules]), world);

  const organization: Published = new Map();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const task = { ...SCHEDULE, organizationTrailsOnly: true, expectedTrails: [estate.organizationTrail.arn] };
    const { failed } = await invokeCentral(estate, organization, { clock, luck, weather, task });
    if (!failed) break;
  }
  return {
    estate,
    store,
    organization,
    invocations: [...before.invocations, ...after.invocations],
    failures: before.failures + after.failures,
    duplicates: first.length + stragglers.length - everyEvent(estate, START).length,
    redriven: before.redriven + after.redriven,
  };
}

interface World {
  readonly estate: Estate;
  readonly store: ConfigStore;
  readonly trailsOf: ReadonlyMap<string, readonly TrailDescription[]>;
  readonly clock: Clock;
  readonly luck: Chance;
  readonly weather: Weather;
}

/** @param outage how long one account answers nothing, in milliseconds */
function stage(accounts: number, seed: number, outage: number) {
  const estate = estateOf(accounts);
  const failing = {
    accountId: estate.members[Math.floor(accounts / 2)] ?? '',
    until: new Date(START.getTime() + outage),
  };
  return {
    estate,
    clock: clockAt(START),
    luck: chance(seed),
    weather: { throttled: 0.002, failing } satisfies Weather,
  };
}

/** Trails whose key stops working on the way: one in twenty. */
function ailing(estate: Estate): readonly TrailDescription[] {
  const own = [...estate.trails.values()].map(({ trail }) => trail).filter(({ name }) => name === 'own');
  return own.filter((_, index) => index % 20 === 0);
}

/** A key that no trail uses. */
const unusedKey = (accountId: string): string => `arn:aws:kms:us-east-1:${accountId}:key/unused`;

/** In random order, some of them twice. */
const twice = (events: readonly RuleEvent[], luck: Chance): readonly RuleEvent[] =>
  luck.shuffle([...events, ...events.filter(() => luck.happens(0.1))]);

/** Hands every event to Lambda until it is done. */
async function deliver(
  events: readonly RuleEvent[],
  world: World,
): Promise<Pick<Simulated, 'invocations' | 'failures' | 'redriven'>> {
  const queue = events.map((event) => ({ event, attempt: 1 }));
  const dead: RuleEvent[] = [];
  const invocations: Simulated['invocations'][number][] = [];
  let failures = 0;
  const { estate, store, trailsOf } = world;
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { event, attempt } = next;
      try {
        const calls = await invokeRule(estate, store, trailsOf, event, world);
        invocations.push({ calls, expected: reachOf(event, trailsOf), about: event.about });
      } catch {
        failures += 1;
        await world.clock.sleep(MINUTE * attempt);
        if (attempt < ATTEMPTS) queue.push({ event, attempt: attempt + 1 });
        else dead.push(event);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_INVOCATIONS }, worker));
  if (dead.length === 0) return { invocations, failures, redriven: 0 };
  // Somebody looks after the queue when the account answers again.
  await world.clock.sleep(HOUR);
  const again = await deliver(dead, world);
  return {
    invocations: [...invocations, ...again.invocations],
    failures: failures + again.failures,
    redriven: dead.length + again.redriven,
  };
}

/** The rule's account, and those of the keys of its trails. */
const reachOf = ({ accountId, region }: RuleEvent, trailsOf: World['trailsOf']): ReadonlySet<string> =>
  new Set([accountId, ...(trailsOf.get(`${accountId} ${region}`) ?? []).flatMap(accountsOf)]);

const accountsOf = ({ accountId, kmsKeyId }: TrailDescription): readonly string[] =>
  kmsKeyId === null ? [accountId] : [accountId, kmsKeyId.split(':')[4] ?? ''];

/** What DescribeTrails without shadow trails lists in each account and Region. */
function trailsByPlace(estate: Estate): ReadonlyMap<string, readonly TrailDescription[]> {
  const places = new Map<string, TrailDescription[]>();
  for (const { trail } of estate.trails.values()) {
    const place = `${trail.accountId} ${trail.homeRegion}`;
    places.set(place, [...(places.get(place) ?? []), trail]);
  }
  return places;
}

/** Evaluations by compliance type. */
export function countByType(evaluations: Iterable<Pick<Evaluation, 'ComplianceType'>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ComplianceType } of evaluations) counts[ComplianceType] = (counts[ComplianceType] ?? 0) + 1;
  return counts;
}
