type Step = 'initialize' | 'deserialize';

interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>,
      options: { readonly step: Step; readonly priority: 'high' },
    ): void;
  };
}

type Around = (work: () => Promise<unknown>) => Promise<unknown>;

function add(client: unknown, step: Step, around: Around): void {
  if (!(client instanceof Object) || !('middlewareStack' in client)) return;
  (client as Client).middlewareStack.add((next) => (args) => around(() => next(args)), { step, priority: 'high' });
}

/** Puts something around every request of an SDK client, its retries included. */
export const aroundRequests = (client: unknown, around: Around): void => add(client, 'initialize', around);

/**
 * Puts something around every attempt of an SDK client's requests, the answer's body included: the SDK's retries, and its
 * pauses between them, are outside. What is put there first is outermost.
 */
export const aroundAttempts = (client: unknown, around: Around): void => add(client, 'deserialize', around);
