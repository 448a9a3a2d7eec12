import type { Access } from './access.ts';
import {
  type Call,
  describeDenial,
  describeError,
  InfrastructureError,
  isDenied,
  type Refusal,
  refusalOf,
} from './errors.ts';
import type { Clock } from './keyPolicyWriterPatience.ts';

/** What became of one request that changes something: done, or refused by the service, so that nothing changed. */
export type Written =
  | { readonly done: true }
  | { readonly done: false; readonly code: string; readonly reason: string };

export const DONE: Written = { done: true };

/** What is there of a change: the state from before it, the state that it makes, or what somebody else made of it. */
export type Seen = 'before' | 'after' | 'other';

/** One change of one thing. */
export interface Change {
  readonly call: Call;
  /** Sends the request once, its command made `unrepeated`. */
  send(options: { abortSignal: AbortSignal }): Promise<unknown>;
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
 * @throws InfrastructureError when it stays unknown: the change may have been made
 */
export async function change(access: Access, given: Change, clock: Clock): Promise<Written> {
  const answer = await send(access, given);
  if (!(answer instanceof InfrastructureError)) return answer;
  let seen: Seen = 'before';
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    await clock.wait(PAUSE_MS);
    seen = await given.look().catch(() => {
      throw answer;
    });
    if (seen === 'after') return DONE;
    // A refusal now may be of what the first request has done: only what is there tells.
    if (seen === 'before' && looks < LOOKS) {
      const again = await send(access, given);
      if (!(again instanceof InfrastructureError) && again.done) return DONE;
    }
  }
  if (seen === 'before') throw answer;
  return { done: false, code: 'Changed', reason: `${answer.message}; by now somebody else has changed the same` };
}

/** An error, not thrown: it is not known whether the change was made. */
async function send({ session }: Access, { call, send }: Change): Promise<Written | InfrastructureError> {
  try {
    const answer = await session.ask(call, (options) => send(options).catch(throwOriginal));
    if (answer.ok) return DONE;
    const { refusal } = answer;
    if (!isDefinite(refusal)) return new InfrastructureError(call, describeError(refusal.error), refusal.error);
    const reason = `${call.service} ${call.operation}: ${why(call, refusal, session.caller)}`;
    return { done: false, code: refusal.code, reason };
  } catch (error) {
    if (error instanceof InfrastructureError) return error;
    throw error;
  }
}

const why = (call: Call, refusal: Refusal, caller: string): string =>
  isDenied(refusal) ? describeDenial(call, refusal, caller) : describeError(refusal.error);

/** Whether the service itself said no; a gateway's 408 does not tell how far the request went. */
const isDefinite = ({ httpStatus }: Refusal): boolean => httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408;

interface Unsent {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>,
      options: { step: 'finalizeRequest'; name: string; priority: 'low' },
    ): void;
  };
}

/**
 * A command that the SDK repeats only where the service refused it, as when it throttles. Of a request without a whole
 * answer a repetition would hide that the first one may have been carried out, and write over what came after it.
 */
export function unrepeated<C extends object>(command: C): C {
  (command as unknown as Unsent).middlewareStack.add(
    // In this step the SDK's retries are outside and the sending is inside.
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const refusal = refusalOf(error);
        throw refusal !== null && isDefinite(refusal) ? error : new NotAnswered(error);
      }
    },
    { step: 'finalizeRequest', name: 'repeatOnlyWhatWasRefused', priority: 'low' },
  );
  return command;
}

/** Hides from the SDK what it would repeat; never leaves this file. */
class NotAnswered extends Error {
  // Not `cause`, which the SDK looks into.
  readonly original: unknown;

  constructor(original: unknown) {
    super('the answer is not known');
    this.original = original;
  }
}

function throwOriginal(error: unknown): never {
  throw error instanceof NotAnswered ? error.original : error;
}
