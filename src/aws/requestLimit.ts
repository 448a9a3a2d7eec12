import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What one request may take in milliseconds, all attempts of the SDK and its pauses between them included. Each byte of an
 * answer renews the SDK's own limits, so a body that drips would be waited for without end.
 *
 * Four attempts that hang take up to 20 seconds. A failed read that several wait for is made once more (memo.ts): 40
 * seconds, which is what a command may wait and less than the 44 that the rule has to read and evaluate within its minute.
 */
export const REQUEST_LIMIT_MS = 20_000;

/** The time of one request; it does not count while the request waits for its turn. */
interface Clock {
  start(): void;
  stop(): void;
}

const clockOfRequest = new AsyncLocalStorage<Clock>();

/**
 * Sends a request and aborts it when its time is over, or when `outer` aborts: its connection is closed, and the promise
 * rejected at once, since the SDK does not interrupt its pause between two attempts.
 *
 * The time begins with the first attempt: before it a person may be asked for the credentials.
 *
 * @param milliseconds of the request
 */
export async function limited<T>(
  outer: AbortSignal,
  milliseconds: number,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const request = new AbortController();
  const { signal } = request;
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const stop = () => request.abort(outer.reason);
  const clock = clockOf(milliseconds, request);
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  try {
    return await Promise.race([stopped, clockOfRequest.run(clock, () => send(signal))]);
  } catch (error) {
    // What the SDK makes of the end says less.
    throw signal.aborted ? signal.reason : error;
  } finally {
    clock.stop();
    outer.removeEventListener('abort', stop);
  }
}

/** The limit of one request has passed. */
export class RequestLimitError extends Error {
  override readonly name = 'RequestLimitError';

  constructor(milliseconds: number) {
    super(`no whole answer within ${milliseconds / 1_000} seconds, so it was stopped`);
  }
}

/** Makes an attempt of the current request when `turn` lets it; only then does the request's time go on. */
export function whenItsTurn<T>(turn: (attempt: () => Promise<T>) => Promise<T>, attempt: () => Promise<T>): Promise<T> {
  const clock = clockOfRequest.getStore();
  clock?.stop();
  return turn(() => {
    clock?.start();
    return attempt();
  });
}

/** Stops the time of the current request until its next attempt: a service that throttles is up, and answers a later one. */
export function pauseThrottled(): void {
  clockOfRequest.getStore()?.stop();
}

function clockOf(milliseconds: number, request: AbortController): Clock {
  const end = () => request.abort(new RequestLimitError(milliseconds));
  let left = milliseconds;
  let since = 0;
  let timer: NodeJS.Timeout | null = null;
  return {
    start() {
      // Its turn can come when nobody waits for it any more.
      if (request.signal.aborted) return;
      since = performance.now();
      timer = setTimeout(end, left);
    },
    stop() {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      left -= performance.now() - since;
    },
  };
}
