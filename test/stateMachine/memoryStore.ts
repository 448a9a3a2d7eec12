import type { RunStore } from '../../src/rule/central/steps.ts';

/** The bucket of runs in memory. What is written comes back as JSON makes it. */
export interface MemoryBucket {
  readonly objects: ReadonlyMap<string, string>;
  put(key: string, text: string): void;
  get(key: string): string;
  store(run: string): RunStore;
}

export function memoryBucket(): MemoryBucket {
  const objects = new Map<string, string>();
  const get = (key: string): string => {
    const text = objects.get(key);
    if (text === undefined) throw new Error(`there is no object ${key}`);
    return text;
  };
  return {
    objects,
    put: (key, text) => void objects.set(key, text),
    get,
    store: (run) => ({
      write: async (name, value) => void objects.set(`runs/${run}/${name}`, JSON.stringify(value)),
      read: async (name) => JSON.parse(get(`runs/${run}/${name}`)),
      list: async (prefix) =>
        [...objects.keys()]
          .filter((key) => key.startsWith(`runs/${run}/${prefix}`))
          .map((key) => key.slice(`runs/${run}/`.length))
          .sort(),
    }),
  };
}
