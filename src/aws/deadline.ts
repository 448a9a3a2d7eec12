/** Time kept back from an invocation to log the reason and to answer, in milliseconds. */
const MARGIN_MS = 1_000;

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
  const timer = setTimeout(() => controller.abort(), Math.max(0, remainingMs - MARGIN_MS));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
