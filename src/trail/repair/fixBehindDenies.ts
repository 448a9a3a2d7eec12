import { type Narrowing, unblocked } from './exemptFromDenies.ts';
import { fixStepwise, type Passes, wantingTrails } from './fixStepwise.ts';
import type { KeyCase } from './keyCase.ts';
import { accessDiffOf, extend, type PolicyDraft, unedited } from './policyDraft.ts';
import { ACCESSES } from './trailStatements.ts';

/**
 * Narrows the Denies and fixes what they hide, proved as a whole: a statement for a wrong trail has to be corrected before
 * the Deny above it may spare CloudTrail, and no check sees what is wrong with it until the Deny does.
 *
 * `null` where that cannot be proved either.
 */
export function fixBehindDenies(start: PolicyDraft, given: KeyCase): Passes | null {
  for (const narrowing of ['narrowest', 'widest'] as const) {
    const open = withoutBlocks(start, given, narrowing);
    if (open.edits.length === 0) return null;
    const { policy, document, key } = open;
    const behind = fixStepwise(unedited({ ...start.keyUnderRepair, policy, document, key }), given);
    const whole = extend(open, behind.draft.edits);
    if (whole !== null && accessDiffOf(whole) === null) return { draft: whole, advice: behind.advice };
  }
  return null;
}

/** The draft with every Deny narrowed that shuts CloudTrail out, whatever else that allows. */
function withoutBlocks(start: PolicyDraft, given: KeyCase, narrowing: Narrowing): PolicyDraft {
  let open = start;
  for (const access of ACCESSES) open = unblocked(open, access, wantingTrails(start, given, access), narrowing);
  return open;
}
