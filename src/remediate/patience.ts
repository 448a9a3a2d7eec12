/** Time as what waits for AWS needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when `signal` aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** How long a change may take to be seen everywhere (AWS KMS Developer Guide, "AWS KMS eventual consistency"), and more. */
export const PATIENCE_MS = 5 * 60_000;
const PAUSE_MS = 5_000;

interface Patience {
  readonly clock: Clock;
  /** How long to go on trying. */
  readonly milliseconds: number;
  /** Ends the waiting; nothing that is under way is cut off. */
  readonly signal?: AbortSignal;
}

/** Tries until an attempt is good enough, time is up or somebody interrupts; the last attempt's result either way. */
export async function patiently<T>(
  attempt: () => Promise<T>,
  isGood: (result: T) => boolean,
  { clock, milliseconds, signal }: Patience,
): Promise<T> {
  const end = clock.now() + milliseconds;
  for (;;) {
    const result = await attempt();
    const left = end - clock.now();
    if (isGood(result) || left <= 0 || signal?.aborted) return result;
    await clock.wait(Math.min(PAUSE_MS, left), signal);
    if (signal?.aborted) return result;
  }
}
