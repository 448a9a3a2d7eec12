/** The things of one list that were told last, by name, each with the text that told it. */
export class ToldLast<T> {
  /** Changes with what is told. */
  readonly values: ReadonlyMap<string, T>;
  readonly #values = new Map<string, T>();
  readonly #texts = new Map<string, string>();

  constructor() {
    this.values = this.#values;
  }

  /** What was made of the same text. */
  knownAs(name: string, text: string): T | undefined {
    return this.#texts.get(name) === text ? this.#values.get(name) : undefined;
  }

  tell(name: string, value: T, text: string): void {
    // What is told again is told last.
    this.#values.delete(name);
    this.#values.set(name, value);
    this.#texts.set(name, text);
  }

  /** Forgets what was told longest ago, until no more than `most` are left. */
  forget(most: number): void {
    for (const name of this.#values.keys()) {
      if (this.#values.size <= most) return;
      this.#values.delete(name);
      this.#texts.delete(name);
    }
  }
}
