import * as v from 'valibot';
import { InvalidInvocationError } from '../errors.ts';
import { type InputError, parseWith } from '../event/schema.ts';

/** What the state machine asks of the function, one after the other; each may come twice and changes nothing then. */
export type CentralStep =
  /** Lists the trails and keeps them as items, which the state machine hands out in batches. */
  | { readonly step: 'list'; readonly run: string; readonly input: unknown }
  /** Evaluates a batch of items. */
  | { readonly step: 'evaluate'; readonly run: string; readonly items: readonly unknown[] }
  /** Puts the batches together: metrics, findings of trails that are gone, and the trails without a verdict. */
  | { readonly step: 'summarize'; readonly run: string; readonly input: unknown };

const RUN = 'the name of an execution: 1 to 80 letters, digits and characters of `._-`';
const run = v.pipe(v.string(RUN), v.regex(/^[\w.-]{1,80}$/, RUN));
/** What the execution was started with. */
const input = v.optional(v.unknown(), {});

const stepSchema = v.variant(
  'step',
  [
    v.object({ step: v.literal('list'), run, input }),
    v.object({ step: v.literal('evaluate'), run, items: v.pipe(v.array(v.unknown(), 'a list'), v.nonEmpty('a list')) }),
    v.object({ step: v.literal('summarize'), run, input }),
  ],
  '`list`, `evaluate` or `summarize`',
);

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * Reads what the state machine of `deploy/central.yaml` sends.
 *
 * @returns `null` for the event of somebody else
 * @throws InvalidInvocationError naming the member
 */
export function parseCentralStep(event: unknown): CentralStep | null {
  if (typeof event !== 'object' || event === null || !('step' in event)) return null;
  return parseWith(stepSchema, event, '', invalid);
}
