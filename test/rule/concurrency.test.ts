import { mapConcurrently, once } from '../../src/rule/concurrency.ts';

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

  test('no more than once', async () => {
    const { read, reads } = failing();
    const outcomes = await Promise.allSettled([read(), read(), read(), read()]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(reads()).toBe(2);
  });
});
