import { CHECKS } from '../checks/index.ts';
import { fixBehindDenies } from './fixBehindDenies.ts';
import { fixStepwise, type Passes } from './fixStepwise.ts';
import { CHECK_OF } from './grantAccess.ts';
import type { Advice, KeyCase } from './keyCase.ts';
import type { StatementEdit } from './plan.ts';
import { accessDiffOf, findingOf, type PolicyDraft, policyDraftOf, unedited } from './policyDraft.ts';

/** The fixed policy; an `obstacle` where CloudTrail still could not encrypt, so that nothing is worth offering. */
interface FixedPolicy {
  readonly draft: PolicyDraft;
  readonly obstacle: string | null;
  /** What a person must do about checks that stay open, where the checks themselves do not know it. */
  readonly advice: Advice;
}

/** Edits a key policy until CloudTrail is allowed for the trails, as little as possible, and nobody else is. */
export function fixPolicy(start: PolicyDraft, given: KeyCase): FixedPolicy {
  let best = fixStepwise(start, given);
  for (const further of [fixBehindDenies, withLastResorts]) {
    if (shutOut(best.advice) === 0 && concluded(start, best, given).obstacle === null) break;
    const next = further(start, given);
    if (next === null || (shutOut(next.advice) >= shutOut(best.advice) && shutOut(best.advice) > 0)) continue;
    if (concluded(start, next, given).obstacle === null) best = next;
  }
  return concluded(start, best, given);
}

const withLastResorts = ({ keyUnderRepair }: PolicyDraft, given: KeyCase): Passes =>
  fixStepwise(unedited({ ...keyUnderRepair, lastResorts: true }), given);

function concluded(start: PolicyDraft, { draft, advice }: Passes, given: KeyCase): FixedPolicy {
  const shut = advice.get(CHECK_OF.encrypt);
  if (shut !== undefined) return { draft: start, obstacle: shut, advice };
  const least = withoutNeedless(draft, given);
  const spare = least.edits.find((edit) => !isNeeded(least, edit, given));
  return spare === undefined
    ? { draft: least, obstacle: null, advice }
    : { draft: start, obstacle: leftToAPerson(spare), advice };
}

/** The other edits are only safe with this one, which takes away what no check finds fault with. */
const leftToAPerson = ({ label, message }: StatementEdit): string =>
  `the policy can only be fixed safely together with an edit that no check asks for: in statement \`${label}\`, ${message}. Where that is right, make it by hand, then plan again.`;

/** How many kinds of access CloudTrail still lacks. */
const shutOut = (advice: Advice): number => Object.values(CHECK_OF).filter((check) => advice.has(check)).length;

/** Leaves out every edit without which the same checks pass and nothing else changes. */
function withoutNeedless(draft: PolicyDraft, given: KeyCase): PolicyDraft {
  let least = draft;
  for (const edit of draft.edits) {
    if (isNeeded(least, edit, given)) continue;
    const without = leftOut(least, edit);
    if (without !== null && accessDiffOf(without) === null) least = without;
  }
  return least;
}

/** Whether a check that passes would not without an edit. */
function isNeeded(draft: PolicyDraft, edit: StatementEdit, { users }: KeyCase): boolean {
  const without = leftOut(draft, edit);
  if (without === null || keepsDenied(edit, without)) return true;
  return FIXABLE.some((check) =>
    users.some(
      ({ trail }) =>
        findingOf(draft, check, trail).status === 'pass' && findingOf(without, check, trail).status !== 'pass',
    ),
  );
}

/** An added Deny only ever keeps denied what an edit of another would allow. */
const keepsDenied = ({ index, statement }: StatementEdit, without: PolicyDraft): boolean =>
  index === null && statement?.Effect === 'Deny' && accessDiffOf(without) !== null;

const leftOut = ({ keyUnderRepair, edits }: PolicyDraft, edit: StatementEdit): PolicyDraft | null =>
  policyDraftOf(
    keyUnderRepair,
    edits.filter((one) => one !== edit),
  );

const FIXABLE = CHECKS.filter(({ repairedBy }) => repairedBy === 'runbook' || repairedBy === 'planner').map(
  ({ id }) => id,
);
