import type { TrailFacts } from '../facts.ts';
import type { CheckId, Finding } from '../finding.ts';
import { accountsOfPrincipals, distinct } from '../policyNames.ts';
import { servesTrailsOnly } from './cloudTrailStatement.ts';
import type { Known } from './correctCondition.ts';
import { statementsOf } from './document.ts';
import { attempt, type Draft, deviationOf, draftOf, findingOf, statementAt } from './draft.ts';
import type { Advice, KeyCase } from './keyCase.ts';
import { CHECK_OF, lackingIn, letIn } from './letIn.ts';
import { bindToTrails, dropExcessActions } from './narrowAllow.ts';
import type { StatementEdit } from './plan.ts';
import type { Access } from './trailStatements.ts';

/** The mended policy; an `obstacle` where CloudTrail still could not encrypt, so that nothing is worth offering. */
export interface MendedPolicy {
  readonly draft: Draft;
  readonly obstacle: string | null;
  /** What a person must do about checks that stay open, where the checks themselves do not know it. */
  readonly advice: Advice;
}

/** Passes over the policy: a narrowed statement may make an edit safe that was not before. */
const MOST_PASSES = 4;

/** Edits a key policy until CloudTrail is let in for the trails, as little as possible, and nobody else is. */
export function mendPolicy(start: Draft, given: KeyCase): MendedPolicy {
  let pass = mendOnce(start, given);
  for (let count = 1; count < MOST_PASSES; count += 1) {
    const next = mendOnce(pass.draft, given);
    if (next.draft.edits.length === pass.draft.edits.length) break;
    pass = next;
  }
  const { draft, advice } = pass;
  const obstacle = advice.get(CHECK_OF.encrypt) ?? null;
  return obstacle === null
    ? { draft: withoutNeedless(draft, given), obstacle, advice }
    : { draft: start, obstacle, advice };
}

function mendOnce(start: Draft, given: KeyCase): { readonly draft: Draft; readonly advice: Advice } {
  const advice = new Map<CheckId, string>();
  const known = knownBeside(start, given);
  let draft = start;
  for (const access of ['encrypt', 'describe', 'decrypt'] as const) {
    const trails = wantingTrails(draft, given, access);
    if (trails.length === 0) continue;
    const admission = letIn(draft, access, known, trails);
    const still = lackingIn(admission.draft, access, trails);
    if (still.length === 0) draft = admission.draft;
    else advice.set(CHECK_OF[access], admission.obstacle ?? unproved(admission.draft, access, still));
  }
  draft = bound(draft, given, advice);
  return { draft: withoutExcess(draft, given, advice), advice };
}

/** Trails that lack an access and are to be given it. */
function wantingTrails(draft: Draft, given: KeyCase, access: Access): readonly TrailFacts[] {
  const wanting = given.users.filter(({ trail, findings }) => {
    const finding = findings.find(({ check }) => check === CHECK_OF[access]);
    return finding !== undefined && given.options.considers(finding, trail);
  });
  return lackingIn(
    draft,
    access,
    wanting.map(({ trail }) => trail),
  );
}

function unproved(draft: Draft, access: Access, [trail]: readonly TrailFacts[]): string {
  if (trail === undefined) return 'no edit was found that can be proved';
  const { message, remediation } = findingOf(draft, CHECK_OF[access], trail);
  return `no edit of the key policy that can be proved mends it: ${message}. ${remediation}`;
}

/** Trails and accounts that values of conditions may name on purpose. */
function knownBeside({ policy, patient }: Draft, { users, options }: KeyCase): Known {
  const own = users.map(({ trail }) => trail.accountId);
  const accounts = [patient.keyAccount, ...options.checks.trustedAccounts, ...accountsOfPrincipals([policy])];
  return {
    trailArns: options.knownTrails,
    accounts: distinct(accounts).filter((account) => !own.includes(account)),
  };
}

const SHARED =
  'No statement is narrowed while another trail, an SNS topic or an event data store may use the key. Where none does, run repair again with `--dedicated-keys`; otherwise give those a key of their own first.';

/** Binds statements that let foreign trails in. */
function bound(start: Draft, given: KeyCase, advice: Map<CheckId, string>): Draft {
  const check = 'other-trails-excluded';
  return mendEach(start, given, check, (draft, index) => {
    const edits = bindToTrails(draft, index);
    if (edits.length === 0 || given.options.dedicatedKeys) return edits;
    advice.set(check, SHARED);
    return [];
  });
}

function withoutExcess(start: Draft, given: KeyCase, advice: Map<CheckId, string>): Draft {
  const check = 'service-least-privilege';
  return mendEach(start, given, check, (draft, index) => {
    const edits = dropExcessActions(draft, index);
    const isForTrails = given.options.dedicatedKeys || servesTrailsOnly(statementAt(draft, index).statement);
    if (edits.length === 0 || isForTrails) return edits;
    advice.set(check, SHARED);
    return [];
  });
}

/** Edits the statements that a failing finding names, as long as that helps and can be proved. */
function mendEach(
  start: Draft,
  given: KeyCase,
  check: CheckId,
  edit: (draft: Draft, index: number) => readonly StatementEdit[],
): Draft {
  let draft = start;
  const tried = new Set<number>();
  for (let finding = firstFailing(draft, given, check); finding !== null; finding = firstFailing(draft, given, check)) {
    const index = indexesOf(draft, finding).find((one) => !tried.has(one));
    if (index === undefined) return draft;
    tried.add(index);
    const edits = edit(draft, index);
    const edited = edits.length === 0 ? null : attempt(draft, edits);
    if (edited !== null && edited.deviation === null) draft = edited.draft;
  }
  return draft;
}

function firstFailing(draft: Draft, given: KeyCase, check: CheckId): Finding | null {
  for (const { trail } of given.users) {
    const finding = findingOf(draft, check, trail);
    if (finding.status === 'fail' && given.options.considers(finding, trail)) return finding;
  }
  return null;
}

const indexesOf = ({ policy, patient }: Draft, { evidence }: Finding): readonly number[] =>
  policy.statements.flatMap(({ label }, index) =>
    evidence.statements.includes(label) && index < statementsOf(patient.document).length ? [index] : [],
  );

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
