import { once as onceEach } from '../rule/concurrency.ts';

/** Asks once for each distinct key; a failure is asked again, by whoever waited for it too, until `most` have failed. */
export function memoize<T>(ask: (key: string) => Promise<T>, most?: number): (key: string) => Promise<T> {
  const answers = onceEach<T>(most);
  return (key) => answers(key, () => ask(key));
}

/** Makes a value when it is first asked for; a failure is tried again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  const made = memoize(make);
  return () => made('');
}
