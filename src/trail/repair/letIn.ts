import { explain } from '../../policy/explain.ts';
import { POLICY_SIZE } from '../../policy/parse.ts';
import type { AccessRequest } from '../../policy/request.ts';
import type { TrailFacts } from '../facts.ts';
import type { CheckId } from '../finding.ts';
import { usesBucketKey } from '../logPaths.ts';
import { decryptRequest, describeRequest, encryptRequests } from '../requests.ts';
import { isCloudTrailOnly } from './cloudTrailStatement.ts';
import { corrections, missesOf, type Wanted } from './correct.ts';
import type { Known } from './correctCondition.ts';
import { list } from './correctCondition.ts';
import { statementsOf, unusedSid } from './document.ts';
import { type Draft, deviationOf, extend, findingOf } from './draft.ts';
import type { Deviation } from './inclusion.ts';
import { narrowings } from './narrowDeny.ts';
import { ACTION, type Access, arnsOf, SID, trailStatement } from './trailStatements.ts';

/** What letting CloudTrail in came to: the draft, and what stands in the way where it could not be done. */
export interface Admission {
  readonly draft: Draft;
  /** What a person must do; `null` where nothing stands in the way. */
  readonly obstacle: string | null;
}

export const CHECK_OF = {
  encrypt: 'cloudtrail-can-encrypt',
  describe: 'cloudtrail-can-describe',
  decrypt: 'cloudtrail-can-decrypt',
} as const satisfies Record<Access, CheckId>;

/** Edits a draft until CloudTrail has one kind of access for all trails that lack it: first the Denies, then the Allows. */
export function letIn(draft: Draft, access: Access, known: Known, lacking: readonly TrailFacts[]): Admission {
  const opened = openDenies(draft, access, lacking);
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
export function lackingIn(draft: Draft, access: Access, trails: readonly TrailFacts[]): readonly TrailFacts[] {
  return trails.filter((trail) => {
    if (access === 'decrypt' && usesBucketKey(trail) !== true) return false;
    const { status } = findingOf(draft, CHECK_OF[access], trail);
    return status === 'fail' || status === 'unknown';
  });
}

function requestsOf(
  { patient: { keyArn }, policy }: Draft,
  access: Access,
  trail: TrailFacts,
): readonly AccessRequest[] {
  switch (access) {
    case 'encrypt':
      return encryptRequests(trail, keyArn, [policy]).map(({ request }) => request);
    case 'describe':
      return [describeRequest(trail, keyArn, [policy]).request];
    case 'decrypt':
      return [decryptRequest(trail, keyArn, [policy]).request];
    default:
      return access satisfies never;
  }
}

function openDenies(draft: Draft, access: Access, trails: readonly TrailFacts[]): Admission {
  let opened = draft;
  for (const index of blockingDenies(draft, access, trails)) {
    const { edits, obstacle } = narrowings(opened, index, trails);
    const tried = edits.map((edit) => attempt(opened, [edit]));
    const success = tried.find((one) => one?.deviation === null && !blocks(one.draft, index, access, trails));
    if (success !== undefined && success !== null) {
      opened = success.draft;
      continue;
    }
    const label = draft.policy.statements[index]?.label ?? `#${index}`;
    const widened = tried.find((one) => one !== null && one.deviation !== null)?.deviation ?? null;
    return { draft, obstacle: leftToAPerson(label, widened, obstacle, access, trails) };
  }
  return { draft: opened, obstacle: null };
}

function blockingDenies(draft: Draft, access: Access, trails: readonly TrailFacts[]): readonly number[] {
  return draft.policy.statements.flatMap(({ effect }, index) =>
    effect === 'Deny' && blocks(draft, index, access, trails) ? [index] : [],
  );
}

/** Whether a statement applies to one of CloudTrail's requests, or may. */
function blocks(draft: Draft, index: number, access: Access, trails: readonly TrailFacts[]): boolean {
  const alone = { ...draft.policy, compiled: draft.policy.compiled.slice(index, index + 1) };
  return trails.some((trail) =>
    requestsOf(draft, access, trail).some((request) => explain(alone, request)[0]?.applies !== 'no'),
  );
}

function leftToAPerson(
  label: string,
  widened: Deviation | null,
  obstacle: string,
  access: Access,
  trails: readonly TrailFacts[],
): string {
  const why =
    widened === null
      ? obstacle
      : `sparing AWS services would also let \`${widened.principal}\` use ${widened.action}${widened.statements.length === 0 ? '' : ` by statement ${list(widened.statements)}`}`;
  return `Deny statement \`${label}\` blocks CloudTrail, and no edit of it is safe: ${why}. Decide what it is meant to keep out, and make it spare ${ACTION[access]} with ${list(arnsOf(trails))} as aws:SourceArn.`;
}

function correctOrAdd(draft: Draft, wanted: Wanted, known: Known): Admission | null {
  const count = statementsOf(draft.patient.document).length;
  const indexes = draft.policy.statements
    .flatMap(({ effect, principal }, index) =>
      index < count && effect === 'Allow' && isCloudTrailOnly(principal) ? [index] : [],
    )
    .sort((a, b) => missesOf(draft, a, wanted) - missesOf(draft, b, wanted));
  for (const index of indexes)
    for (const edit of corrections(draft, index, wanted, known)) {
      const tried = attempt(draft, [edit]);
      if (tried?.deviation === null && isLetIn(tried.draft, wanted)) return { draft: tried.draft, obstacle: null };
    }
  const { access, trails } = wanted;
  const sid = unusedSid(draft.patient.document, draft.edits, SID[access]);
  const statement = trailStatement(access, trails, sid);
  const message = `lets CloudTrail use ${ACTION[access]} for ${list(arnsOf(trails))} alone`;
  const added = attempt(draft, [{ index: null, label: sid, statement, change: 'statement-added', message, loses: [] }]);
  if (added === null) return { draft, obstacle: TOO_LARGE };
  return added.deviation === null && isLetIn(added.draft, wanted) ? { draft: added.draft, obstacle: null } : null;
}

const TOO_LARGE = `The key policy has no room for another statement: KMS takes ${POLICY_SIZE} bytes. Take out what nobody needs any more, or give some trails a key of their own.`;

const isLetIn = (draft: Draft, { access, trails }: Wanted): boolean => lackingIn(draft, access, trails).length === 0;

/** A draft with one more edit, and whether it keeps to what it is meant to change. */
export function attempt(
  draft: Draft,
  edits: Parameters<typeof extend>[1],
): { readonly draft: Draft; readonly deviation: Deviation | null } | null {
  const extended = extend(draft, edits);
  return extended === null ? null : { draft: extended, deviation: deviationOf(extended) };
}
