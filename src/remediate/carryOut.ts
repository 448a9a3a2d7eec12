import type { Ending, Left } from './outcome.ts';
import { type Clock, PATIENCE_MS, patiently } from './patience.ts';
import { messageOf, type Step, type StepAnswer } from './step.ts';

/** Where steps are carried out, and who looks on. */
export interface Run {
  readonly clock: Clock;
  /** Aborts when a person interrupts: no further change is begun. */
  readonly interrupted?: AbortSignal;
  /** Tells whoever waits what is done next. */
  readonly say: (text: string) => void;
  /** Why what was written does not pass, as a sentence part; `null` when it does. Never throws. */
  readonly whatFails: () => Promise<string | null>;
  /** How long what was written may take to be seen, in milliseconds. */
  readonly verifyFor: () => number;
  /** How long a change that was not answered, or was throttled, is asked again to be taken back, in milliseconds. */
  readonly undoFor: number;
}

/**
 * Makes each change in its order, then looks whether what was written passes. What fails on the way is taken back, the
 * last change first.
 */
export async function carryOut(steps: readonly Step[], run: Run): Promise<Ending> {
  const { clock, say, interrupted: signal } = run;
  const patience = signal === undefined ? { clock } : { clock, signal };
  const begun: Step[] = [];
  const stop = (): Ending => ({ status: 'interrupted', begun: begun.map(({ name }) => name) });
  for (const step of steps) {
    if (signal?.aborted) return stop();
    say(step.name);
    begun.push(step);
    let answer: StepAnswer;
    try {
      answer = await patiently(
        () => step.run(),
        (tried) => tried.done || !step.passing.has(tried.code),
        { ...patience, milliseconds: PATIENCE_MS },
      );
    } catch (error) {
      // Whether it was written stays unknown: it is taken back like what is known to be.
      return rollBack(begun, messageOf(error), run);
    }
    if (answer.done) continue;
    begun.pop();
    if (signal?.aborted) return stop();
    if (begun.length > 0) return rollBack(begun, answer.reason, run);
    return { status: answer.code === 'Changed' ? 'changed' : 'failed', reason: answer.reason };
  }
  say('reading again what was written, for up to five minutes');
  const failure = await patiently(run.whatFails, (found) => found === null, {
    ...patience,
    milliseconds: run.verifyFor(),
  });
  if (failure === null) return { status: 'applied' };
  if (signal?.aborted) return stop();
  return rollBack(begun, failure, run);
}

const PASSING_BY: ReadonlySet<string> = new Set(['', 'Unread', 'ThrottlingException', 'Throttling']);

/**
 * Takes back what was begun, the last change first; stops at the first one that cannot be. What somebody else has
 * changed in the meantime is left as it is, and does not stop it. An interruption does not end it: that would leave what
 * is known to be wrong.
 */
async function rollBack(begun: readonly Step[], reason: string, { say, clock, undoFor }: Run): Promise<Ending> {
  const left: Left[] = [];
  for (const { name, undo } of begun.toReversed()) {
    if (typeof undo !== 'function') {
      left.push({ step: null, reason: undo.harm });
      continue;
    }
    say(`taking back: ${name}`);
    const answer = await patiently(
      () => undo().catch((error: unknown): StepAnswer => ({ done: false, code: '', reason: messageOf(error) })),
      (tried) => tried.done || !PASSING_BY.has(tried.code),
      { clock, milliseconds: undoFor },
    );
    if (answer.done) continue;
    left.push({ step: name, reason: answer.reason });
    if (answer.code !== 'Changed') break;
  }
  return left.length > 0 ? { status: 'left', reason, left } : { status: 'rolled-back', reason };
}
