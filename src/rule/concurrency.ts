/**
 * Like `Promise.all(items.map(work))`, but with at most `limit` at work at once, results in the order of the items.
 *
 * After the first rejection nothing new is started.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (stopped) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/**
 * The results of `work` with the index of their item, each as soon as it is there. At most `limit` items are at work at
 * once, beside those that take longer than `patience`: what hangs keeps nothing else waiting.
 *
 * After the first rejection, and when nobody listens any more, nothing new is started.
 *
 * @param patience in milliseconds
 */
export async function* asTheyCome<T, R>(
  items: readonly T[],
  limit: number,
  patience: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<readonly [index: number, result: R]> {
  const queue = items.entries();
  const ready: (() => readonly [number, R])[] = [];
  let left = items.length;
  let wake = (): void => undefined;
  const start = async (index: number, item: T): Promise<void> => {
    try {
      const result = await work(item);
      ready.push(() => [index, result]);
    } catch (error) {
      ready.push(() => {
        throw error;
      });
    }
    wake();
  };
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (left === 0) return;
      await settledWithin(patience, start(index, item));
    }
  };
  for (let workers = 0; workers < limit; workers += 1) void worker();
  try {
    while (left > 0) {
      const next = ready.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        yield next();
        left -= 1;
      }
    }
  } finally {
    left = 0;
  }
}

/** Resolves when the work is over, or has taken that many milliseconds. */
const settledWithin = (milliseconds: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Pieces of work follow each other for so long before the event loop has its turn, in milliseconds. */
const LONGEST_STRETCH = 1;

/**
 * Does one piece of work after the other, and gives the event loop its turn before any that begins more than
 * `LONGEST_STRETCH` after the last turn: then timers fire and answers arrive, however long each piece takes.
 */
export function takingTurns(): <T>(work: () => T) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let turnEnded = Number.NEGATIVE_INFINITY;
  const turnIfDue = async (): Promise<void> => {
    if (performance.now() - turnEnded < LONGEST_STRETCH) return;
    await eventLoop();
    turnEnded = performance.now();
  };
  return (work) => {
    const done = last.then(turnIfDue).then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Failed readings of one key before its failure is the answer to every trail that names it: AWS was asked in vain then. */
export const READINGS_OF_A_KEY = 3;

/**
 * Calls `read` once for each distinct name and hands its answer to everyone who asks again.
 *
 * A failure is nobody's answer: who waited for somebody else's reading that failed reads once more, together with all who
 * waited, and who asks later begins anew; until `most` readings of the name have failed, when the last failure is
 * everybody's answer.
 */
export function once<T>(most = Number.POSITIVE_INFINITY): (name: string, read: () => Promise<T>) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  const failures = new Map<string, number>();
  const begin = (name: string, read: () => Promise<T>): Promise<T> => {
    const reading = read();
    readings.set(name, reading);
    reading.catch(() => {
      const failed = (failures.get(name) ?? 0) + 1;
      failures.set(name, failed);
      if (failed < most) readings.delete(name);
    });
    return reading;
  };
  return async (name, read) => {
    const known = readings.get(name);
    if (known === undefined) return begin(name, read);
    try {
      return await known;
    } catch {
      return readings.get(name) ?? begin(name, read);
    }
  };
}
