import { asTheyCome, mapConcurrently, once, takingTurns } from '../../src/rule/concurrency.ts';

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('mapConcurrently', () => {
  test.each([
    [0, 3, 0],
    [1, 3, 1],
    [10, 3, 3],
    [10, 1, 1],
  ])('%i items, %i at once: at most %i run, results keep the order', async (count, limit, most) => {
    const items = Array.from({ length: count }, (_, index) => index);
    let running = 0;
    let peak = 0;
    const results = await mapConcurrently(items, limit, async (item) => {
      running += 1;
      peak = Math.max(peak, running);
      await tick();
      running -= 1;
      return item * 2;
    });
    expect(results).toEqual(items.map((item) => item * 2));
    expect(peak).toBe(most);
  });

  test('the first rejection is thrown and nothing new is started', async () => {
    const started: number[] = [];
    const work = mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      await tick();
      if (item === 1) throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    await tick();
    await tick();
    expect(started.length).toBeLessThanOrEqual(3);
  });
});

describe('asTheyCome', () => {
  const never = () => new Promise<never>(() => undefined);

  async function collected<R>(results: AsyncIterable<R>): Promise<readonly R[]> {
    const all: R[] = [];
    for await (const result of results) all.push(result);
    return all;
  }

  test.each([
    ['nothing', 0, 3, 0],
    ['one', 1, 3, 1],
    ['more than the limit', 10, 3, 3],
  ])('%s: every result with its index, at most the limit at once', async (_, count, limit, most) => {
    let running = 0;
    let peak = 0;
    const items = Array.from({ length: count }, (__, index) => `${index}`);
    const results = await collected(
      asTheyCome(items, limit, 60_000, async (item) => {
        running += 1;
        peak = Math.max(peak, running);
        await tick();
        running -= 1;
        return `result ${item}`;
      }),
    );
    expect(results.toSorted(([one], [other]) => one - other)).toEqual(items.map((item, i) => [i, `result ${item}`]));
    expect(peak).toBe(most);
  });

  test('a result is handed out before those that are still awaited', async () => {
    const results = asTheyCome(['slow', 'quick'], 2, 50, (item) => (item === 'slow' ? never() : tick()));
    expect(await results.next()).toMatchObject({ value: [1, undefined] });
  });

  test('what takes longer than the patience makes room for the next, and is awaited all the same', async () => {
    jest.useFakeTimers();
    let finish = (_: string): void => undefined;
    const started: string[] = [];
    const results = asTheyCome(['hangs', 'next'], 1, 1_000, async (item) => {
      started.push(item);
      return item === 'next' ? item : new Promise<string>((resolve) => (finish = resolve));
    });
    const first = results.next();
    await jest.advanceTimersByTimeAsync(999);
    expect(started).toEqual(['hangs']);
    await jest.advanceTimersByTimeAsync(1);
    expect(await first).toEqual({ done: false, value: [1, 'next'] });
    finish('at last');
    expect(await collected(results)).toEqual([[0, 'at last']]);
    jest.useRealTimers();
  });

  test.each([
    ['after a rejection, which is thrown', true],
    ['when nobody listens any more', false],
  ])('nothing new is started %s', async (_, rejects) => {
    const started: number[] = [];
    const results = asTheyCome([0, 1, 2, 3, 4, 5], 1, 60_000, async (item) => {
      started.push(item);
      await tick();
      if (rejects) throw new Error('broken');
    });
    if (rejects) await expect(results.next()).rejects.toThrow('broken');
    else {
      await results.next();
      await results.return(undefined);
    }
    await tick();
    await tick();
    expect(started.length).toBeLessThanOrEqual(2);
  });
});

test('takingTurns: one after the other, timers fire between two, and a piece that throws stops none', async () => {
  const inTurn = takingTurns();
  const done: string[] = [];
  const busy = (name: string) =>
    inTurn(() => {
      done.push(name);
      setTimeout(() => done.push(`timer of ${name}`), 1);
      const until = performance.now() + 5;
      while (performance.now() < until);
      if (name === 'b') throw new Error('broken');
    });
  const outcomes = await Promise.allSettled([busy('a'), busy('b'), busy('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(done).toEqual(['a', 'timer of a', 'b', 'timer of b', 'c']);
});

test('once reads each name once, whoever asks, also while it is being read', async () => {
  const reads: string[] = [];
  const ask = once<string>();
  const read = (name: string) =>
    ask(name, async () => {
      reads.push(name);
      return name.toUpperCase();
    });
  expect(await Promise.all([read('a'), read('b'), read('a')])).toEqual(['A', 'B', 'A']);
  expect(await read('a')).toBe('A');
  expect(reads).toEqual(['a', 'b']);
});

describe('once, where reading fails', () => {
  /** Readings that end with these, one after the other: `null` fails. */
  const failing = (...ends: readonly (string | null)[]) => {
    const ask = once<string>();
    let reads = 0;
    const read = () =>
      ask('a', async () => {
        const end = ends[reads];
        reads += 1;
        await tick();
        if (end === null || end === undefined) throw new Error(`reading ${reads} failed`);
        return end;
      });
    return { read, reads: () => reads };
  };

  test('the failure is kept for nobody who asks later', async () => {
    const { read, reads } = failing(null, 'A');
    await expect(read()).rejects.toThrow('reading 1 failed');
    expect([await read(), await read(), reads()]).toEqual(['A', 'A', 2]);
  });

  test('who waited for somebody else’s reading asks again, all of them together', async () => {
    const { read, reads } = failing(null, 'A');
    const [first, ...others] = await Promise.allSettled([read(), read(), read()]);
    expect(first?.status).toBe('rejected');
    expect(others).toEqual([1, 2].map(() => ({ status: 'fulfilled', value: 'A' })));
    expect(reads()).toBe(2);
  });

  test.each([
    ['one is allowed to fail: nobody reads again', 1, 1],
    ['three are: nobody reads a fourth time, whoever asks', 3, 3],
    ['no bound: everybody begins anew', undefined, 6],
  ])('%s', async (_, most, readings) => {
    const ask = once<never>(most);
    let reads = 0;
    const outcomes: string[] = [];
    for (let asked = 1; asked <= 6; asked += 1) {
      const answer = ask('a', async () => {
        reads += 1;
        throw new Error(`reading ${reads} failed`);
      });
      outcomes.push(await answer.catch(({ message }: Error) => message));
    }
    expect(reads).toBe(readings);
    expect(outcomes).toEqual([1, 2, 3, 4, 5, 6].map((asked) => `reading ${Math.min(asked, readings)} failed`));
  });

  test('with two that may fail, who waited for the second fails with it', async () => {
    const ask = once<string>(2);
    let reads = 0;
    const read = () =>
      ask('a', async () => {
        await tick();
        reads += 1;
        throw new Error(`reading ${reads} failed`);
      });
    const reasons = (await Promise.allSettled([read(), read(), read()])).map(
      (one) => 'reason' in one && one.reason.message,
    );
    expect(reasons).toEqual(['reading 1 failed', 'reading 2 failed', 'reading 2 failed']);
    await expect(read()).rejects.toThrow('reading 2 failed');
    expect(await ask('b', async () => 'B')).toBe('B');
  });

  test('no more than once', async () => {
    const { read, reads } = failing();
    const outcomes = await Promise.allSettled([read(), read(), read(), read()]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(reads()).toBe(2);
  });
});
