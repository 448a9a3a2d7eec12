import type { Written } from './change.ts';

/** What came of a step; without `done` nothing was written. */
export type StepAnswer =
  | Written
  | { readonly done: false; readonly code: 'Changed' | 'Unread'; readonly reason: string };

/** One change, and how it is taken back. */
export interface Step {
  readonly name: string;
  /** @throws when it stays unknown whether the change was made */
  run(): Promise<StepAnswer>;
  /**
   * Takes the change back, unless by now there is something else than what was written: then it is refused as `Changed`.
   *
   * Not a function: it cannot be taken back without harm, for the reason that is given.
   */
  readonly undo: (() => Promise<StepAnswer>) | { readonly harm: string };
  /** Refusals that pass by themselves while KMS tells its own servers of a new policy. */
  readonly passing: ReadonlySet<string>;
}

export const changed = (reason: string): StepAnswer => ({ done: false, code: 'Changed', reason });

/** Told apart from a write without an answer: where reading fails there is nothing to take back. */
export const unread = (error: unknown): StepAnswer => ({ done: false, code: 'Unread', reason: messageOf(error) });

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
