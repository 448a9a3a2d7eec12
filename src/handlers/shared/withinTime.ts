import { runInNewContext } from 'node:vm';

/** Synchronous work took longer than it may. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/**
 * Does synchronous work and stops it when its time is up, which no timer can: timers wait for the work to end.
 *
 * @throws OutOfTimeError, or what the work throws
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  try {
    // The time limit of a script holds for all that it calls.
    return runInNewContext('work()', { work }, { timeout: Math.max(1, Math.floor(milliseconds)) }) as T;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new OutOfTimeError(`not done within ${milliseconds} milliseconds`, { cause: error });
  }
}
