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
export interface Outcome {
  readonly status: 'applied' | 'refused' | 'changed' | 'failed' | 'rolled-back' | 'left' | 'interrupted';
  /** One sentence part; `null` where everything went well. */
  readonly reason: string | null;
  /** The file that holds the key policy as it was; `null` where none was written. */
  readonly backup: string | null;
}
