/** Time kept back from an invocation to log the reason and to answer, in milliseconds. */
const MARGIN_MS = 1_000;

/** Why a signal aborts. */
export const TIME_IS_UP = 'the time of the invocation is nearly up';

/** The end of one invocation's time. */
export interface Deadline {
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

/** Kept back for listing earlier results, and then for reporting, in milliseconds; of a short time a part. */
const LISTING_AND_REPORTING = { milliseconds: 15_000, part: 1 / 4 };
const REPORTING = { milliseconds: 8_000, part: 1 / 8 };

/** What one invocation of the rule does has each its own time: nothing before can use up what comes after. */
export interface TimeSlices {
  /** The end of reading and evaluating trails. */
  readonly evaluation: Deadline;
  /** The end of listing what was reported before. */
  readonly listing: Deadline;
  /** The end of reporting: of everything. */
  readonly reporting: Deadline;
}

/** @param remainingMs as for {@link deadlineAfter} */
export function timeSlices(remainingMs: number): TimeSlices {
  const before = ({ milliseconds, part }: typeof REPORTING) =>
    deadlineAfter(remainingMs - Math.min(milliseconds, remainingMs * part));
  return {
    evaluation: before(LISTING_AND_REPORTING),
    listing: before(REPORTING),
    reporting: deadlineAfter(remainingMs),
  };
}
