import type { Reading, TrailDescription } from '../../trail/facts.ts';
import { InvalidParameterError, UnevaluatedTrailsError } from '../errors.ts';
import { evaluateEach, unevaluatedTrail } from '../evaluate/evaluateEach.ts';
import type { TrailPorts } from '../evaluate/evaluateTrails.ts';
import type { TrailVerdict, UnevaluatedTrail } from '../evaluate/evaluation.ts';
import { type Exceptions, NO_EXCEPTIONS } from '../exceptions/exceptions.ts';
import { exceptionsInEffect } from '../exceptions/exceptionsInEffect.ts';
import { parseParameters, type RuleParameters } from '../parameters.ts';
import type { RulePorts } from '../ports.ts';
import { type CentralTask, isOfShard, isOfTask } from './centralTask.ts';
import { type CentralTrail, centralTrails, type RecordedTrail } from './centralTrails.ts';

/** Trails that are being read, for the memory that they take; the ports bound the calls to each account and Region. */
export const CONCURRENT_TRAILS = 32;
/** Verdicts that are published together, so that little is lost when the time runs out. */
export const PUBLISHED_TOGETHER = 100;

/** What the central evaluation reads. */
export interface CentralPorts extends TrailPorts, Pick<RulePorts, 'exceptionDocuments'> {
  /** The items of all trails in the aggregator, replicas too. */
  recordedTrails(): Promise<readonly RecordedTrail[]>;
  /**
   * The organization trails that the function's own account sees live: those of the management account, which often
   * records nothing, among them.
   */
  organizationTrails(): Promise<Reading<readonly TrailDescription[]>>;
}

/** One verdict, and where the trail is known from. */
export interface CentralVerdict extends Pick<CentralTrail, 'source' | 'capturedAt'> {
  readonly verdict: TrailVerdict;
}

/** Where the verdicts go. What rejects leaves its trails without a verdict: the invocation is tried again. */
export interface Publisher {
  /** At most `PUBLISHED_TOGETHER`, as they are reached. A retry publishes them again. */
  publish(verdicts: readonly CentralVerdict[]): Promise<void>;
  /** Once, after the last verdict, also where trails are left without one. */
  finish(run: CentralRun): Promise<void>;
}

/** What one run came to. */
export interface CentralRun {
  readonly task: CentralTask;
  readonly parameters: RuleParameters;
  /** Those that were applied, whether in force or over. */
  readonly exceptions: Exceptions;
  readonly startedAt: Date;
  /** The ARN of every trail that has a published verdict. */
  readonly evaluated: ReadonlySet<string>;
  readonly unevaluated: readonly UnevaluatedTrail[];
  /** Organization trails with and without a published verdict: what an alarm watches. */
  readonly organizationTrails: { readonly evaluated: readonly string[]; readonly unevaluated: readonly string[] };
  /** Records of replicas, whose trails are evaluated in this run. */
  readonly replicas: number;
  /** Why organization trails could not be listed live; `null` where they were. */
  readonly organizationTrailsUnread: string | null;
}

/** Binds the ports to the parameters. */
type ConnectCentral = (parameters: RuleParameters) => CentralPorts;

/**
 * The central evaluation: aggregator → trails, each once → facts → findings → verdicts → publisher.
 *
 * One trail that cannot be read, as where an account is being throttled, keeps no other one from its verdict.
 *
 * @param rawParameters the rule's parameters; `aggregatorName` is required
 * @throws InvalidInputError before anything is evaluated; UnevaluatedTrailsError after everything else was published; what
 * listing the trails throws
 */
export async function runCentral(
  rawParameters: unknown,
  task: CentralTask,
  connect: ConnectCentral,
  publisher: Publisher,
): Promise<CentralRun> {
  const parameters = parseParameters(rawParameters);
  if (parameters.aggregatorName === null)
    throw new InvalidParameterError('aggregatorName', 'is missing: the trails are listed from a Config aggregator');
  const ports = connect(parameters);
  const startedAt = ports.now();
  const exceptions = await exceptionsInEffect(parameters, ports, NO_EXCEPTIONS);
  const [recorded, live] = await Promise.all([ports.recordedTrails(), ports.organizationTrails()]);
  const found = centralTrails(recorded, live.read ? live.value : []);
  const trails = found.trails
    .filter(({ trail }) => isOfTask(trail, task))
    .map((one) => ({ ...one, changes: { trail: one.capturedAt, key: null } }));

  const answered = new Set<string>();
  const unpublished: UnevaluatedTrail[] = [];
  const evaluateAndPublish = async (some: readonly CentralTrail[]): Promise<readonly UnevaluatedTrail[]> => {
    const missed: UnevaluatedTrail[] = [];
    const around = { ports, parameters, exceptions, concurrent: CONCURRENT_TRAILS, together: PUBLISHED_TOGETHER };
    for await (const { evaluated, unevaluated } of evaluateEach(some, around)) {
      const verdicts = evaluated.map(({ item: { source, capturedAt }, verdict }) => ({ verdict, source, capturedAt }));
      try {
        if (verdicts.length > 0) await publisher.publish(verdicts);
        for (const { verdict } of verdicts) answered.add(verdict.trail.arn);
      } catch (error) {
        unpublished.push(...verdicts.map(({ verdict }) => unevaluatedTrail(verdict.trail, error)));
      }
      missed.push(...unevaluated);
    }
    return missed;
  };
  const missedOnce = await evaluateAndPublish(trails);
  const toRepeat = new Set(missedOnce.map(({ trailArn }) => trailArn));
  // Among thousands of requests some are always throttled for longer than the SDK tries: by now they may pass. What could
  // not be published is not tried again: some of the places have it.
  const missed = ports.deadline?.aborted
    ? missedOnce
    : await evaluateAndPublish(trails.filter(({ trail }) => toRepeat.has(trail.arn)));
  const unevaluated = [...found.unreadable, ...missingOf(task, found.trails), ...missed, ...unpublished];

  const ofOrganization = trails.filter(({ trail }) => trail.isOrganization === true).map(({ trail }) => trail.arn);
  const run: CentralRun = {
    task,
    parameters,
    exceptions,
    startedAt,
    evaluated: answered,
    unevaluated,
    organizationTrails: {
      evaluated: ofOrganization.filter((arn) => answered.has(arn)),
      unevaluated: unevaluated
        .filter(({ isOrganization }) => isOrganization)
        .map(({ trailArn }) => trailArn ?? 'unknown'),
    },
    replicas: found.replicas,
    organizationTrailsUnread: live.read ? null : live.reason,
  };
  await publisher.finish(run);
  if (unevaluated.length > 0) throw new UnevaluatedTrailsError(unevaluated);
  return run;
}

/** An organization trail that is to be there and is not: deleted, or seen by nobody. */
function missingOf(task: CentralTask, found: readonly CentralTrail[]): readonly UnevaluatedTrail[] {
  const known = new Set(found.map(({ trail }) => trail.arn));
  return task.expectedTrails
    .filter((arn) => !known.has(arn) && isOfShard(arn, task.shard))
    .map((trailArn) => ({
      trailArn,
      accountId: trailArn.split(':')[4] ?? null,
      isOrganization: true,
      reason: 'neither the aggregator nor CloudTrail in the account of the function shows the trail',
    }));
}
