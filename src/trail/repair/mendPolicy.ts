import type { CheckId } from '../finding.ts';
import { type Draft, deviationOf, draftOf, findingOf } from './draft.ts';
import type { Advice, KeyCase } from './keyCase.ts';
import { CHECK_OF } from './letIn.ts';
import { mendBehindDenies } from './mendBehindDenies.ts';
import { mendStepwise } from './mendStepwise.ts';

/** The mended policy; an `obstacle` where CloudTrail still could not encrypt, so that nothing is worth offering. */
export interface MendedPolicy {
  readonly draft: Draft;
  readonly obstacle: string | null;
  /** What a person must do about checks that stay open, where the checks themselves do not know it. */
  readonly advice: Advice;
}

/** Edits a key policy until CloudTrail is let in for the trails, as little as possible, and nobody else is. */
export function mendPolicy(start: Draft, given: KeyCase): MendedPolicy {
  const stepwise = mendStepwise(start, given);
  const atOnce = shutOut(stepwise.advice) > 0 ? mendBehindDenies(start, given) : null;
  const { draft, advice } = atOnce !== null && shutOut(atOnce.advice) < shutOut(stepwise.advice) ? atOnce : stepwise;
  const obstacle = advice.get(CHECK_OF.encrypt) ?? null;
  return obstacle === null
    ? { draft: withoutNeedless(draft, given), obstacle, advice }
    : { draft: start, obstacle, advice };
}

/** How many kinds of access CloudTrail still lacks. */
const shutOut = (advice: Advice): number => Object.values(CHECK_OF).filter((check) => advice.has(check)).length;

/** Leaves out every edit without which the same checks pass and nothing else changes. */
function withoutNeedless(draft: Draft, given: KeyCase): Draft {
  const mended = MENDABLE.flatMap((check) =>
    given.users.flatMap(({ trail }) => (findingOf(draft, check, trail).status === 'pass' ? [{ check, trail }] : [])),
  );
  let least = draft;
  for (const edit of draft.edits) {
    const without = draftOf(
      draft.patient,
      least.edits.filter((one) => one !== edit),
    );
    if (without === null || !mended.every(({ check, trail }) => findingOf(without, check, trail).status === 'pass'))
      continue;
    if (deviationOf(without) === null) least = without;
  }
  return least;
}

const MENDABLE: readonly CheckId[] = [...Object.values(CHECK_OF), 'other-trails-excluded', 'service-least-privilege'];
