import type { Clock } from './patience.ts';

/** What became of one request that changes something: done, or refused by the service, so that nothing changed. */
export type Written =
  | { readonly done: true }
  | { readonly done: false; readonly code: string; readonly reason: string };

export const DONE: Written = { done: true };

/** What came of a request that was sent once; an error, not thrown: it is not known whether the change was made. */
export type Sent = Written | Error;

/** What is there of a change: the state from before it, the state that it makes, or what somebody else made of it. */
export type Seen = 'before' | 'after' | 'other';

/** One change of one thing. */
interface Change {
  /** Sends the request once. */
  send(): Promise<Sent>;
  /** Reads back. */
  look(): Promise<Seen>;
}

/** How often a change is looked for, and in between sent again, where it is not known whether it was made. */
const LOOKS = 4;
const PAUSE_MS = 2_000;

/**
 * Makes a change. Where no whole answer comes, or the service fails, it is not known whether it was made: what is there
 * is read back, and the request sent again only while that is what was there before.
 *
 * @throws what the first request ended with when it stays unknown: the change may have been made
 */
export async function change({ send, look }: Change, clock: Clock): Promise<Written> {
  const answer = await send();
  if (!(answer instanceof Error)) return answer;
  let seen: Seen = 'before';
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    await clock.wait(PAUSE_MS);
    seen = await look().catch(() => {
      throw answer;
    });
    if (seen === 'after') return DONE;
    // A refusal now may be of what the first request has done: only what is there tells.
    if (seen === 'before' && looks < LOOKS) {
      const again = await send();
      if (!(again instanceof Error) && again.done) return DONE;
    }
  }
  if (seen === 'before') throw answer;
  return { done: false, code: 'Changed', reason: `${answer.message}; by now somebody else has changed the same` };
}
