import { DONE, type Sent } from '../../remediate/change.ts';
import type { Access } from '../access.ts';
import {
  type Call,
  describeDenial,
  describeError,
  InfrastructureError,
  isDenied,
  type Refusal,
  refusalOf,
} from '../errors.ts';

/** Sends a command that changes something once; it is made `unrepeated` here. */
export async function sendOnce<C extends object>(
  { session }: Access,
  call: Call,
  command: C,
  send: (command: C, options: { abortSignal: AbortSignal }) => Promise<unknown>,
): Promise<Sent> {
  const once = unrepeated(command);
  try {
    const answer = await session.ask(call, (options) => send(once, options).catch(throwOriginal));
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
function unrepeated<C extends object>(command: C): C {
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
