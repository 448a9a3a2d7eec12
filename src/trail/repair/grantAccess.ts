import { POLICY_SIZE } from '../../policy/parse.ts';
import { isCloudTrailOnly } from '../cloudTrailOnly.ts';
import type { TrailFacts } from '../facts.ts';
import type { CheckId } from '../finding.ts';
import { usesBucketKey } from '../logPaths.ts';
import { statementsOf } from '../statements.ts';
import { servesTrailsOnly } from './cloudTrailStatement.ts';
import { corrections, missesOf, type Wanted } from './correct.ts';
import type { Known } from './correctCondition.ts';
import { list } from './correctCondition.ts';
import { unusedSid } from './document.ts';
import { exemptFromDenies, type GrantAttempt, requestsOf } from './exemptFromDenies.ts';
import { dropExcessActions } from './narrowAllow.ts';
import { type Attempt, attempt, findingOf, type PolicyDraft, statementAt } from './policyDraft.ts';
import { ACTION, arnsOf, SID, type TrailAccess, trailStatement } from './trailStatements.ts';

export const CHECK_OF = {
  encrypt: 'cloudtrail-can-encrypt',
  update: 'trail-updatable',
  describe: 'cloudtrail-can-describe',
  decrypt: 'cloudtrail-can-decrypt',
} as const satisfies Record<TrailAccess, CheckId>;

/** Edits a draft until CloudTrail has one kind of access for all trails that lack it: first the Denies, then the Allows. */
export function grantAccess(
  draft: PolicyDraft,
  access: TrailAccess,
  known: Known,
  lacking: readonly TrailFacts[],
): GrantAttempt {
  const opened = exemptFromDenies(draft, access, lacking);
  const wanting = opened.obstacle === null ? lackingIn(opened.draft, access, lacking) : [];
  if (wanting.length === 0) return opened;
  const wanted: Wanted = {
    access,
    trails: wanting,
    requests: wanting.flatMap((trail) => requestsOf(opened.draft, access, trail)),
  };
  return correctOrAdd(opened.draft, wanted, known) ?? { draft, obstacle: null };
}

/** The trails whose check does not pass under a draft. A check that asks for nothing counts as passed. */
export function lackingIn(
  draft: PolicyDraft,
  access: TrailAccess,
  trails: readonly TrailFacts[],
): readonly TrailFacts[] {
  return trails.filter((trail) => {
    if (access === 'decrypt' && usesBucketKey(trail) !== true) return false;
    const { status } = findingOf(draft, CHECK_OF[access], trail);
    return status === 'fail' || status === 'unknown';
  });
}

function correctOrAdd(draft: PolicyDraft, wanted: Wanted, known: Known): GrantAttempt | null {
  const count = statementsOf(draft.keyUnderRepair.document).length;
  const indexes = draft.policy.statements
    .flatMap(({ effect, principal }, index) =>
      index < count && effect === 'Allow' && isCloudTrailOnly(principal) ? [index] : [],
    )
    .sort((a, b) => missesOf(draft, a, wanted) - missesOf(draft, b, wanted));
  for (const index of indexes)
    for (const edit of corrections(draft, index, wanted, known)) {
      const tried = withoutExcess(attempt(draft, [edit]), index);
      if (tried?.accessDiff === null && hasAccess(tried.draft, wanted)) return { draft: tried.draft, obstacle: null };
    }
  const { access, trails } = wanted;
  const sid = unusedSid(draft.keyUnderRepair.document, draft.edits, SID[access]);
  const statement = trailStatement(access, trails, sid);
  const message = `lets CloudTrail use ${ACTION[access]} for ${list(arnsOf(trails))} alone`;
  const added = attempt(draft, [{ index: null, label: sid, statement, change: 'statement-added', message, loses: [] }]);
  if (added === null) return { draft, obstacle: TOO_LARGE };
  return added.accessDiff === null && hasAccess(added.draft, wanted) ? { draft: added.draft, obstacle: null } : null;
}

/** A corrected statement allows CloudTrail no more than trails need, as far as it serves nothing but trails. */
function withoutExcess(tried: Attempt | null, index: number): Attempt | null {
  if (tried === null || tried.accessDiff === null) return tried;
  const { draft } = tried;
  const edits = servesTrailsOnly(statementAt(draft, index).statement) ? dropExcessActions(draft, index) : [];
  return edits.length === 0 ? tried : attempt(draft, edits);
}

const TOO_LARGE = `The key policy has no room for another statement: KMS takes ${POLICY_SIZE} bytes. Take out what nobody needs any more, or give some trails a key of their own.`;

const hasAccess = (draft: PolicyDraft, { access, trails }: Wanted): boolean =>
  lackingIn(draft, access, trails).length === 0;
