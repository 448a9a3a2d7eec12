import type { AwsClients } from './clients.ts';

/** State that lives as long as the clients: for the life of Lambda's execution environment. */
export function keptWith<T>(make: () => T): (clients: AwsClients) => T {
  const states = new WeakMap<AwsClients, { readonly state: T }>();
  return (clients) => {
    const known = states.get(clients);
    if (known !== undefined) return known.state;
    const state = make();
    states.set(clients, { state });
    return state;
  };
}

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** Values by name, each for at most so many milliseconds. */
export class Aging<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #age: number;

  constructor(milliseconds: number) {
    this.#age = milliseconds;
  }

  get(name: string): T | undefined {
    const entry = this.#entries.get(name);
    return entry !== undefined && Date.now() < entry.until ? entry.value : undefined;
  }

  set(name: string, value: T): T {
    this.#entries.set(name, { value, until: Date.now() + this.#age });
    return value;
  }
}
