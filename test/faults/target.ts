import type { RunKind } from './plan.ts';

/** What one seed came to. */
export interface Run {
  readonly seed: number;
  readonly kind: string;
  /** `right`: everything was done; `honest`: it failed, and said so. */
  readonly end: 'right' | 'honest' | 'wrong';
  readonly wrong: readonly string[];
  /** What the run itself said at its end. */
  readonly answer: string;
  /** Requests with their faults, and the answer: to be read where something is wrong. */
  readonly trace: readonly string[];
}

/** What faults are put to. */
export interface Target {
  readonly name: string;
  readonly runs: number;
  /** So many seeds share a process, so that a run meets what the ones before it left. */
  readonly together: number;
  /** The seeds take them in turn. */
  readonly kinds: readonly (RunKind | 'SIGTERM' | 'SIGKILL')[];
  open(): Promise<Lane>;
}

/** One endpoint and what stands before it; seeds one after the other. */
export interface Lane {
  run(seed: number): Promise<Run>;
  close(): void;
}
