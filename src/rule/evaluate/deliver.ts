import { UndeliveredEvaluationsError, UnevaluatedTrailsError } from '../errors.ts';
import type { RulePorts } from '../ports.ts';
import type { EvaluatedBatch, EvaluatedResource } from './evaluatedResource.ts';
import type { UnevaluatedTrail } from './evaluation.ts';
import { type Sleep, sendEvaluations } from './sendEvaluations.ts';

/** What became of an invocation. */
export interface Delivery {
  /** Taken by AWS Config, each in its place. */
  readonly sent: readonly EvaluatedResource[];
  readonly unevaluated: readonly UnevaluatedTrail[];
  /** What kept the rest from being sent; empty where nothing did. */
  readonly troubles: unknown[];
}

/** Tells AWS Config each batch as soon as it is there. What goes wrong costs nothing that is known. */
export async function deliver(
  batches: AsyncIterable<EvaluatedBatch>,
  ports: Pick<RulePorts, 'putEvaluations'>,
  pause?: Sleep,
): Promise<Delivery> {
  const sent: EvaluatedResource[] = [];
  const unevaluated: UnevaluatedTrail[] = [];
  const troubles: unknown[] = [];
  const send = async ({ resources }: EvaluatedBatch): Promise<void> => {
    const evaluations = resources.map(({ evaluation }) => evaluation);
    try {
      await sendEvaluations(evaluations, ports, pause);
      sent.push(...resources);
    } catch (error) {
      if (!(error instanceof UndeliveredEvaluationsError)) throw error;
      troubles.push(error);
      sent.push(...resources.filter(({ evaluation }) => !error.evaluations.includes(evaluation)));
    }
  };
  try {
    for await (const batch of batches) {
      unevaluated.push(...batch.unevaluated);
      await send(batch);
    }
  } catch (error) {
    troubles.push(error);
  }
  if (unevaluated.length > 0) troubles.unshift(new UnevaluatedTrailsError(unevaluated));
  return { sent: sent.toSorted((one, other) => one.index - other.index), unevaluated, troubles };
}
