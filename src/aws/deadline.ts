/** Time kept back from an invocation to log the reason and to answer, in milliseconds. */
const MARGIN_MS = 1_000;

/** Why a signal aborts. */
export const TIME_IS_UP = 'the time of the invocation is nearly up';

/** The end of one invocation's time. */
interface Deadline {
  /** Aborts when the time is nearly up. */
  readonly signal: AbortSignal;
  /** Lets go of the timer; call it when the invocation is over. */
  clear(): void;
}

/**
 * A deadline `MARGIN_MS` before the invocation's own.
 *
 * @param remainingMs what Lambda's `context.getRemainingTimeInMillis` says; without a positive number there is no
 * deadline, since Lambda would have stopped the invocation already
 */
export function deadlineAfter(remainingMs: number): Deadline {
  const controller = new AbortController();
  if (!Number.isFinite(remainingMs) || remainingMs <= 0) {
    return { signal: controller.signal, clear: () => undefined };
  }
  const timer = setTimeout(() => controller.abort(new Error(TIME_IS_UP)), Math.max(0, remainingMs - MARGIN_MS));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** The parts of the time that are over when trails are evaluated, and when earlier results are listed. */
const EVALUATED = 3 / 4;
const LISTED = 7 / 8;

/** Time of its own for each thing that an invocation of the rule does: nothing can use up what comes after it. */
interface TimeSlices {
  /** The end of reading and evaluating trails. */
  readonly evaluation: Deadline;
  /** The end of listing what was reported before. */
  readonly listing: Deadline;
  /** The end of reporting, and so of everything. */
  readonly reporting: Deadline;
}

/** @param remainingMs as for {@link deadlineAfter} */
export const timeSlices = (remainingMs: number): TimeSlices => ({
  evaluation: deadlineAfter(remainingMs * EVALUATED),
  listing: deadlineAfter(remainingMs * LISTED),
  reporting: deadlineAfter(remainingMs),
});
