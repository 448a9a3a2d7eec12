/** Requests at work at once in the whole process, over all hosts and roles: as many connections are in use. */
export const REQUESTS_AT_ONCE = 128;
/** And to one host with the credentials of one role: AWS's quotas count by account and Region. */
export const REQUESTS_A_HOST_AND_ROLE = 4;

/** Lets at most so many pieces of work go on at once; whoever comes later waits in line. */
export class Turns {
  readonly #limit: number;
  readonly #line: (() => void)[] = [];
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#limit) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever is next takes over this place.
      const next = this.#line.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }
}

/** The line of every request, whichever client sends it. */
export const everyRequest = new Turns(REQUESTS_AT_ONCE);
