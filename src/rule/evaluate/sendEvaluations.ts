import { UndeliveredEvaluationsError } from '../errors.ts';
import type { RulePorts } from '../ports.ts';
import { EVALUATIONS_PER_CALL, type Evaluation } from './evaluation.ts';

/** Calls for one batch before the invocation fails. */
export const ATTEMPTS_PER_BATCH = 4;
/** Before the second attempt, in milliseconds; doubled before each further one. */
const FIRST_PAUSE = 200;

/** Waits, in milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Sends evaluations in batches that PutEvaluations takes. What Config does not take is sent again.
 *
 * @throws UndeliveredEvaluationsError when Config goes on refusing some, or cannot be told; every other batch has been
 * sent by then
 */
export async function sendEvaluations(
  evaluations: readonly Evaluation[],
  ports: Pick<RulePorts, 'putEvaluations'>,
  pause: Sleep = sleep,
): Promise<void> {
  const undelivered: Evaluation[] = [];
  const troubles: { readonly cause: unknown }[] = [];
  for (let start = 0; start < evaluations.length; start += EVALUATIONS_PER_CALL) {
    let pending: readonly Evaluation[] = evaluations.slice(start, start + EVALUATIONS_PER_CALL);
    try {
      for (let attempt = 0; attempt < ATTEMPTS_PER_BATCH && pending.length > 0; attempt += 1) {
        if (attempt > 0) await pause(FIRST_PAUSE * 2 ** (attempt - 1));
        pending = await ports.putEvaluations(pending);
      }
    } catch (cause) {
      troubles.push({ cause });
    }
    undelivered.push(...pending);
  }
  if (undelivered.length > 0) throw new UndeliveredEvaluationsError(undelivered, ATTEMPTS_PER_BATCH, troubles[0]);
}
