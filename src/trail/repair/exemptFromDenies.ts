import { explain } from '../../policy/explain.ts';
import type { AccessRequest } from '../../policy/request.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { areCloudTrailOnly } from '../cloudTrailOnly.ts';
import { encryptRequests, probeRequest } from '../encryptRequests.ts';
import type { TrailFacts } from '../facts.ts';
import type { RequestSubject } from '../keyPolicySubject.ts';
import { type CloudTrailRequest, decryptRequest, describeRequest } from '../requests.ts';
import type { AccessDiff } from './accessDiff.ts';
import { list } from './correctCondition.ts';
import { narrowings } from './narrowDeny.ts';
import { attempt, extend, type PolicyDraft, statementAt } from './policyDraft.ts';
import { ACTION, arnsOf, SOURCE_ARN, type TrailAccess } from './trailStatements.ts';

/** What allowing CloudTrail came to: the draft, and what stands in the way where it could not be done. */
export interface GrantAttempt {
  readonly draft: PolicyDraft;
  /** What a person must do; `null` where nothing stands in the way. */
  readonly obstacle: string | null;
}

/** CloudTrail's requests that need one kind of access. */
export function requestsOf(
  { keyUnderRepair: { keyArn }, policy, key }: PolicyDraft,
  access: TrailAccess,
  trail: TrailFacts,
): readonly AccessRequest[] {
  return REQUESTS[access]({ trail, key, keyArn, policies: [policy] }).map(({ request }) => request);
}

type Requests = (subject: RequestSubject) => readonly CloudTrailRequest[];

const REQUESTS: Readonly<Record<TrailAccess, Requests>> = {
  encrypt: encryptRequests,
  update: (subject) => [probeRequest(subject)],
  describe: (subject) => [describeRequest(subject)],
  decrypt: (subject) => [decryptRequest(subject)],
};

/** Narrows every Deny that keeps CloudTrail out; where one cannot be, the draft stays as it was. */
export function exemptFromDenies(draft: PolicyDraft, access: TrailAccess, trails: readonly TrailFacts[]): GrantAttempt {
  let opened = draft;
  for (const index of blockingDenies(draft, access, trails)) {
    const { ways, obstacle } = narrowings(opened, index, trails);
    const tried = ways.map((edits) => attempt(opened, edits));
    const success = tried.find((one) => one?.accessDiff === null && !blocks(one.draft, index, access, trails));
    if (success !== undefined && success !== null) {
      opened = success.draft;
      continue;
    }
    const exempt = ways.findIndex(([edit]) => edit?.change === 'deny-narrowed');
    const widened = tried[exempt]?.accessDiff ?? null;
    return { draft, obstacle: leftToAPerson(draft, index, widened, obstacle, access, trails) };
  }
  return { draft: opened, obstacle: null };
}

/** Which way of narrowing a Deny is tried first. */
export type Narrowing = 'narrowest' | 'widest';

/** The draft with every Deny narrowed that keeps CloudTrail out, without proof of what else that allows. */
export function unblocked(
  draft: PolicyDraft,
  access: TrailAccess,
  trails: readonly TrailFacts[],
  narrowing: Narrowing,
): PolicyDraft {
  let open = draft;
  for (const index of blockingDenies(draft, access, trails)) {
    const { ways } = narrowings(open, index, trails);
    const drafts = ways.flatMap((edits) => extend(open, edits) ?? []);
    const sparing = drafts.filter((one) => !blocks(one, index, access, trails));
    open = sparing.at(narrowing === 'narrowest' ? 0 : -1) ?? open;
  }
  return open;
}

function blockingDenies(draft: PolicyDraft, access: TrailAccess, trails: readonly TrailFacts[]): readonly number[] {
  return draft.policy.statements.flatMap(({ effect }, index) =>
    effect === 'Deny' && blocks(draft, index, access, trails) ? [index] : [],
  );
}

/** Whether a statement applies to one of CloudTrail's requests, or may. */
function blocks(draft: PolicyDraft, index: number, access: TrailAccess, trails: readonly TrailFacts[]): boolean {
  const alone = { ...draft.policy, compiled: draft.policy.compiled.slice(index, index + 1) };
  return trails.some((trail) =>
    requestsOf(draft, access, trail).some((request) => explain(alone, request)[0]?.applies !== 'no'),
  );
}

function leftToAPerson(
  draft: PolicyDraft,
  index: number,
  widened: AccessDiff | null,
  obstacle: string,
  access: TrailAccess,
  trails: readonly TrailFacts[],
): string {
  const why = widened === null ? obstacle : whoWouldGain(widened);
  const { label } = statementAt(draft, index).statement;
  // Others than CloudTrail carry no aws:SourceArn: a statement for them too, bound to trails, would shut them out.
  const first =
    widened !== null && widened.statements.length > 0 && areCloudTrailOnly(draft.policy, widened.statements)
      ? `Bind statement ${list(widened.statements)} to its trails by ${SOURCE_ARN} and plan again, or decide`
      : 'Decide';
  return `Deny statement \`${label}\` blocks CloudTrail, and no edit of it is safe: ${why}. ${first} what it is meant to keep out, and make it spare ${ACTION[access]} with ${list(arnsOf(trails))} as ${SOURCE_ARN}.`;
}

function whoWouldGain({ principal, action, statements }: AccessDiff): string {
  const whom = principal === CLOUDTRAIL ? 'CloudTrail, acting for other trails,' : `\`${principal}\``;
  const by = statements.length === 0 ? '' : ` by statement ${list(statements)}`;
  return `sparing AWS services could also let ${whom} use ${action}${by}`;
}
