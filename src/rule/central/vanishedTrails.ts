import type { Reading } from '../../trail/facts.ts';
import { mapConcurrently } from '../concurrency.ts';
import { VanishedTrailsError } from '../errors.ts';

/** Whether CloudTrail shows a trail in its own account; unread where nobody may ask there. */
export type AskForTrail = (trailArn: string) => Promise<Reading<boolean>>;

/** Trails that are asked for at the same time. */
const ASKED_AT_ONCE = 8;

/** What became of the trails that a run's list lacks. */
interface Vanished {
  /** CloudTrail says that they are not there; or nobody may ask, and somebody vouches for it. */
  readonly gone: readonly string[];
  /** Not known to be gone, with the reason. */
  readonly unread: readonly { readonly trailArn: string; readonly reason: string }[];
  /** To be thrown after the rest is published; `null` where all is well. */
  readonly trouble: VanishedTrailsError | null;
}

/**
 * Tells the trails that are gone from those that the list has lost: a recorder that was stopped, an account that is
 * aggregated no more. Each is asked for where it lives.
 *
 * @param listed how many trails the run knows
 * @param areDeleted whether somebody vouches that what is missing was deleted
 * @throws VanishedTrailsError without asking where fewer than half of the known trails are listed: then it is the list
 * that is wrong
 */
export async function vanishedTrails(
  vanished: readonly string[],
  { listed, areDeleted }: { readonly listed: number; readonly areDeleted: boolean },
  ask: AskForTrail,
): Promise<Vanished> {
  if (vanished.length > listed && !areDeleted) throw new VanishedTrailsError(shortList(vanished.length, listed));
  const answers = await mapConcurrently(vanished, ASKED_AT_ONCE, async (trailArn) => {
    const answer = await ask(trailArn).catch((error: unknown) => ({ failed: messageOf(error) }));
    return { trailArn, answer };
  });
  const gone: string[] = [];
  const unread: { trailArn: string; reason: string }[] = [];
  const troubles: string[] = [];
  for (const { trailArn, answer } of answers) {
    if ('failed' in answer) troubles.push(`\`${trailArn}\` could not be asked for: ${answer.failed}`);
    else if (!answer.read && !areDeleted) unread.push({ trailArn, reason: answer.reason });
    else if (answer.read && answer.value)
      troubles.push(`\`${trailArn}\` is there, and the aggregator lists it no more`);
    else gone.push(trailArn);
  }
  const [first] = troubles;
  const trouble =
    first === undefined
      ? null
      : new VanishedTrailsError(`trails with an open finding have no verdict: ${troubles.length}, the first: ${first}`);
  return { gone, unread, trouble };
}

const shortList = (vanished: number, listed: number): string =>
  `the aggregator lists ${listed} trails, and ${vanished} others have an open finding: nothing is archived; see that every account is recorded and aggregated, or, where the trails were deleted, invoke the function once with \`{"trailsWereDeleted":true}\``;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
