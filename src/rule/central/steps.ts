import { mapConcurrently } from '../concurrency.ts';
import { UnevaluatedTrailsError } from '../errors.ts';
import { unevaluatedTrail } from '../evaluate/evaluateEach.ts';
import { NO_TALLY } from '../evaluate/tally.ts';
import { NO_EXCEPTIONS } from '../exceptions/exceptions.ts';
import { exceptionsInEffect } from '../exceptions/exceptionsInEffect.ts';
import { itemsOf, parseItem } from './centralItem.ts';
import { type CentralList, listTrails } from './centralList.ts';
import { finishRun, type Publisher } from './centralRun.ts';
import type { CentralStep } from './centralStep.ts';
import { type CentralSettings, parseSchedule } from './centralTask.ts';
import { type EvaluatedTrails, evaluateListed } from './evaluateListed.ts';
import { type ConnectCentral, connected } from './runCentral.ts';
import { type Listed, parseListed, parseResult } from './stepResults.ts';

/** What one run keeps from step to step. A name that is written again holds what was written last. */
export interface RunStore {
  write(name: string, value: unknown): Promise<void>;
  read(name: string): Promise<unknown>;
  /** The names that begin so. */
  list(prefix: string): Promise<readonly string[]>;
}

/** The state machine reads the items from here. */
const ITEMS = 'items.json';
const LISTED = 'listed.json';
const RESULTS = 'results/';
/** Results that are read at the same time. */
const READ_AT_ONCE = 16;

/** What a step needs beside its message. */
interface StepContext {
  readonly rawParameters: unknown;
  readonly settings: CentralSettings;
  readonly connect: ConnectCentral;
  readonly publisher: Publisher;
  readonly store: RunStore;
}

/** What the state machine is told: counts, since everything else is in the store. */
export type StepOutput = Readonly<Record<string, number>>;

/**
 * One step of a run of the state machine. A step that comes twice writes the same names again.
 *
 * @throws UnevaluatedTrailsError after everything else was published and kept; what `runCentral` throws
 */
export async function runStep(step: CentralStep, context: StepContext): Promise<StepOutput> {
  switch (step.step) {
    case 'list':
      return listStep(step.input, context);
    case 'evaluate':
      return evaluateStep(step.items, context);
    case 'summarize':
      return summarizeStep(step.input, context);
  }
}

async function listStep(input: unknown, { rawParameters, settings, connect, store }: StepContext): Promise<StepOutput> {
  const { ports } = connected(rawParameters, connect);
  const { trails, ...listed } = await listTrails(parseSchedule(input, settings), ports);
  await store.write(LISTED, listed satisfies Listed);
  await store.write(ITEMS, itemsOf(trails));
  return { trails: trails.length };
}

async function evaluateStep(
  items: readonly unknown[],
  { rawParameters, connect, publisher, store }: StepContext,
): Promise<StepOutput> {
  const { parameters, ports } = connected(rawParameters, connect);
  const trails = items.map(parseItem);
  const exceptions = await exceptionsInEffect(parameters, ports, NO_EXCEPTIONS);
  const result = await evaluateListed(trails, { ports, parameters, exceptions, publish: publisher.publish });
  await store.write(`${RESULTS}${String(trails[0]?.index).padStart(9, '0')}.json`, result);
  if (result.unevaluated.length > 0) throw new UnevaluatedTrailsError(result.unevaluated);
  return { evaluated: result.evaluated.length };
}

async function summarizeStep(
  input: unknown,
  { rawParameters, settings, connect, publisher, store }: StepContext,
): Promise<StepOutput> {
  const { parameters, ports } = connected(rawParameters, connect);
  const exceptions = await exceptionsInEffect(parameters, ports, NO_EXCEPTIONS);
  const listed = parseListed(await store.read(LISTED));
  const trails = ((await store.read(ITEMS)) as readonly unknown[]).map(parseItem);
  const names = await store.list(RESULTS);
  const results = await mapConcurrently(names, READ_AT_ONCE, async (name) => parseResult(await store.read(name)));
  const list: CentralList = { ...listed, trails };
  const task = parseSchedule(input, settings);
  const all = [...results, withoutResult(list, results)];
  const { evaluated } = await finishRun({ task, parameters, exceptions }, list, all, publisher);
  return { evaluated: evaluated.size };
}

/** The trails of batches that came to nothing. */
function withoutResult({ trails }: CentralList, results: readonly EvaluatedTrails[]): EvaluatedTrails {
  const known = new Set(
    results.flatMap(({ evaluated, unevaluated }) => [...evaluated, ...unevaluated.map(({ trailArn }) => trailArn)]),
  );
  const lost = trails.filter(({ trail }) => !known.has(trail.arn));
  return { evaluated: [], unevaluated: lost.map(({ trail }) => unevaluatedTrail(trail, NO_RESULT)), tally: NO_TALLY };
}

const NO_RESULT = 'its batch came to no result: the execution tells why';
