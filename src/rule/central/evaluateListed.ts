import { evaluateEach, unevaluatedTrail } from '../evaluate/evaluateEach.ts';
import type { TrailPorts } from '../evaluate/evaluateTrails.ts';
import type { TrailVerdict, UnevaluatedTrail } from '../evaluate/evaluation.ts';
import { sumOf, type Tally, tallyOf } from '../evaluate/tally.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import type { RuleParameters } from '../parameters.ts';
import type { CentralTrail } from './centralTrails.ts';

/** Trails that are being read, for the memory that they take; the ports bound the calls to each account and Region. */
export const CONCURRENT_TRAILS = 32;
/** Verdicts that are published together, so that little is lost when the time runs out. */
export const PUBLISHED_TOGETHER = 100;

/** One verdict, and where the trail is known from. */
export interface CentralVerdict extends Pick<CentralTrail, 'source' | 'capturedAt'> {
  readonly verdict: TrailVerdict;
}

/** What came of trails: all of a run, or one batch of them. */
export interface EvaluatedTrails {
  /** The ARN of every trail that has a published verdict. */
  readonly evaluated: readonly string[];
  readonly unevaluated: readonly UnevaluatedTrail[];
  /** Of every verdict that was reached. */
  readonly tally: Tally;
}

interface Around {
  readonly ports: TrailPorts;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  /** Takes at most `PUBLISHED_TOGETHER` at once; a retry publishes them again. */
  readonly publish: (verdicts: readonly CentralVerdict[]) => Promise<void>;
}

/**
 * Evaluates trails and publishes their verdicts. One that cannot be read, as where an account is being throttled, keeps
 * no other one from its verdict, and is tried once more at the end. What trails share is read once.
 */
export async function evaluateListed(
  listed: readonly CentralTrail[],
  { ports, parameters, exceptions, publish }: Around,
): Promise<EvaluatedTrails> {
  const trails = listed.map((one) => ({ ...one, changes: { trail: one.capturedAt, key: null } }));
  const answered: string[] = [];
  const unpublished: UnevaluatedTrail[] = [];
  const tallies: Tally[] = [];
  const evaluateAndPublish = async (some: typeof trails): Promise<readonly UnevaluatedTrail[]> => {
    const missed: UnevaluatedTrail[] = [];
    const around = { ports, parameters, exceptions, concurrent: CONCURRENT_TRAILS, together: PUBLISHED_TOGETHER };
    for await (const { evaluated, unevaluated } of evaluateEach(some, around)) {
      const verdicts = evaluated.map(({ item: { source, capturedAt }, verdict }) => ({ verdict, source, capturedAt }));
      tallies.push(tallyOf(verdicts.map(({ verdict }) => verdict)));
      try {
        if (verdicts.length > 0) await publish(verdicts);
        answered.push(...verdicts.map(({ verdict }) => verdict.trail.arn));
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
  return { evaluated: answered, unevaluated: [...missed, ...unpublished], tally: sumOf(tallies) };
}
