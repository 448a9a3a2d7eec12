/**
 * What became of one plan.
 *
 * - `applied`: everything was written, and what was read back passes.
 * - `refused`: the change is for the owner of the key or the trail; nothing was written.
 * - `changed`: somebody else changed the key or the trail since it was read; nothing was written.
 * - `failed`: AWS refused the first change; nothing was written.
 * - `rolled-back`: something was written, failed, and was undone.
 * - `left`: something was written and is left as it is: it could not be undone, or not without harm.
 * - `interrupted`: a person stopped it; run again, it goes on from there.
 */
export type Ending =
  | { readonly status: 'applied' }
  | { readonly status: 'refused' | 'changed' | 'failed' | 'rolled-back'; readonly reason: string }
  | { readonly status: 'left'; readonly reason: string; readonly left: readonly Left[] }
  /** `begun`: the names of the steps that were made. */
  | { readonly status: 'interrupted'; readonly begun: readonly string[] };

/** What was not taken back, as a sentence part; `step` is `null` where it cannot be without harm. */
export interface Left {
  readonly step: string | null;
  readonly reason: string;
}
