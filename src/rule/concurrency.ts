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
 * Calls `read` once for each distinct name and hands its answer to everyone who asks again.
 *
 * A failure is nobody's answer: who waited for somebody else's reading that failed reads once more, together with all who
 * waited, and who asks later begins anew.
 */
export function once<T>(): (name: string, read: () => Promise<T>) => Promise<T> {
  const readings = new Map<string, Promise<T>>();
  const begin = (name: string, read: () => Promise<T>): Promise<T> => {
    const reading = read();
    readings.set(name, reading);
    reading.catch(() => readings.delete(name));
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
