/** What Step Functions calls. */
export interface Services {
  /** Rejects with `Failed`, whose error is the function's. */
  invoke(payload: unknown): Promise<unknown>;
  getObject(bucket: string, key: string): Promise<string>;
  putObject(bucket: string, key: string, body: string): Promise<void>;
  sleep(seconds: number): Promise<void>;
}

/** What an execution came to. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error: string | null;
  readonly cause: string | null;
  /** State transitions of this run, as they are charged for: every entry of a state, every retry, and the start of a child. */
  readonly transitions: number;
  readonly children: readonly Child[];
}

/** A batch, and what came of it: `null` where it was not started. */
export interface Child {
  readonly input: { readonly Items: readonly unknown[] };
  readonly execution: { run(): Promise<Outcome> };
  outcome: Outcome | null;
}
