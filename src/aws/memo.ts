/** Asks once for each distinct key; a failure is forgotten, so that it is asked again. */
export function memoize<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}

/** Makes a value when it is first asked for; a failure is forgotten, so that it is tried again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  const made = memoize(make);
  return () => made('');
}
