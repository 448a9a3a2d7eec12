import type { TrailFacts } from '../facts.ts';
import type { CheckId, Finding } from '../finding.ts';
import { accountsOfPrincipals, distinct } from '../policyNames.ts';
import { remediationOf } from '../remedy/remedy.ts';
import { servesTrailsOnly } from './cloudTrailStatement.ts';
import type { Known } from './correctCondition.ts';
import { statementsOf } from './document.ts';
import { CHECK_OF, grantAccess, lackingIn } from './grantAccess.ts';
import type { Advice, KeyCase } from './keyCase.ts';
import { bindToTrails, dropExcessActions, takeOut } from './narrowAllow.ts';
import type { StatementEdit } from './plan.ts';
import { attempt, findingOf, type PolicyDraft, statementAt } from './policyDraft.ts';
import { ACCESSES, type TrailAccess } from './trailStatements.ts';

/** What passes over a policy came to. */
export interface Passes {
  readonly draft: PolicyDraft;
  /** What a person must do about checks that stay open, where the checks themselves do not know it. */
  readonly advice: Advice;
}

/** Passes over the policy: a narrowed statement may make an edit safe that was not before. */
const MOST_PASSES = 4;

/** Edits a policy step by step, each step proved by itself, until nothing more can be fixed. */
export function fixStepwise(start: PolicyDraft, given: KeyCase): Passes {
  let pass = fixOnce(start, given);
  for (let count = 1; count < MOST_PASSES; count += 1) {
    const next = fixOnce(pass.draft, given);
    if (next.draft.edits.length === pass.draft.edits.length) break;
    pass = next;
  }
  return pass;
}

function fixOnce(start: PolicyDraft, given: KeyCase): Passes {
  const advice = new Map<CheckId, string>();
  const known = knownBeside(start, given);
  let draft = start;
  for (const access of ACCESSES) {
    const trails = wantingTrails(draft, given, access);
    if (trails.length === 0) continue;
    const granted = grantAccess(draft, access, known, trails);
    const still = lackingIn(granted.draft, access, trails);
    if (still.length === 0) draft = granted.draft;
    else advice.set(CHECK_OF[access], granted.obstacle ?? unproved(granted.draft, access, still));
  }
  draft = bound(draft, given, advice);
  return { draft: withoutExcess(draft, given, advice), advice };
}

/** Trails that lack an access and are to be given it. */
export function wantingTrails(draft: PolicyDraft, given: KeyCase, access: TrailAccess): readonly TrailFacts[] {
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

function unproved(draft: PolicyDraft, access: TrailAccess, [trail]: readonly TrailFacts[]): string {
  if (trail === undefined) return 'no edit was found that can be proved';
  const finding = findingOf(draft, CHECK_OF[access], trail);
  return `no edit of the key policy that can be proved fixes it: ${finding.message}. ${remediationOf(finding)}`;
}

/** Trails and accounts that values of conditions may name on purpose. */
function knownBeside({ policy, keyUnderRepair }: PolicyDraft, { users, later, options }: KeyCase): Known {
  const own = users.map(({ trail }) => trail.accountId);
  const accounts = [
    keyUnderRepair.keyAccount,
    ...options.checks.trustedAccounts,
    ...accountsOfPrincipals([policy]),
    ...later.map(({ trail }) => trail.accountId),
  ];
  return {
    partition: keyUnderRepair.keyArn.split(':')[1] ?? '',
    hasVariables: policy.version === '2012-10-17',
    dedicated: options.dedicatedKeys,
    trailArns: options.knownTrails,
    accounts: distinct(accounts).filter((account) => !own.includes(account)),
  };
}

const SHARED =
  'No statement is narrowed while another trail, an SNS topic or an event data store may use the key. Where none does, run repair again with `--dedicated-keys`; otherwise give those a key of their own first.';

/** Binds statements that allow foreign trails. */
function bound(start: PolicyDraft, given: KeyCase, advice: Map<CheckId, string>): PolicyDraft {
  const check = 'other-trails-excluded';
  return fixEach(start, given, check, (draft, index) => {
    const edits = bindToTrails(draft, index);
    if (edits.length === 0) return [];
    if (given.options.dedicatedKeys) return [takeOut(draft, index), edits];
    advice.set(check, SHARED);
    return [];
  });
}

function withoutExcess(start: PolicyDraft, given: KeyCase, advice: Map<CheckId, string>): PolicyDraft {
  const check = 'service-least-privilege';
  return fixEach(start, given, check, (draft, index) => {
    const edits = dropExcessActions(draft, index);
    const isForTrails = given.options.dedicatedKeys || servesTrailsOnly(statementAt(draft, index).statement);
    if (edits.length === 0 || isForTrails) return [edits];
    advice.set(check, SHARED);
    return [];
  });
}

/** Edits the statements that a failing finding names, each in the first of some ways that can be proved and shuts no trail out. */
function fixEach(
  start: PolicyDraft,
  given: KeyCase,
  check: CheckId,
  ways: (draft: PolicyDraft, index: number) => readonly (readonly StatementEdit[])[],
): PolicyDraft {
  let draft = start;
  const tried = new Set<number>();
  for (let finding = firstFailing(draft, given, check); finding !== null; finding = firstFailing(draft, given, check)) {
    const index = indexesOf(draft, finding).find((one) => !tried.has(one));
    if (index === undefined) return draft;
    tried.add(index);
    for (const edits of ways(draft, index).filter(({ length }) => length > 0)) {
      const edited = attempt(draft, edits);
      if (edited === null || edited.accessDiff !== null || isWorse(edited.draft, draft, given)) continue;
      draft = edited.draft;
      break;
    }
  }
  return draft;
}

/** Whether CloudTrail lacks an access for a trail that it had it for. */
const isWorse = (edited: PolicyDraft, draft: PolicyDraft, { users }: KeyCase): boolean =>
  users.some(({ trail }) =>
    Object.values(CHECK_OF).some(
      (check) => findingOf(draft, check, trail).status === 'pass' && findingOf(edited, check, trail).status !== 'pass',
    ),
  );

function firstFailing(draft: PolicyDraft, given: KeyCase, check: CheckId): Finding | null {
  for (const { trail } of given.users) {
    const finding = findingOf(draft, check, trail);
    if (finding.status === 'fail' && given.options.considers(finding, trail)) return finding;
  }
  return null;
}

const indexesOf = ({ policy, keyUnderRepair }: PolicyDraft, { evidence }: Finding): readonly number[] =>
  policy.statements.flatMap(({ label }, index) =>
    evidence.statements.includes(label) && index < statementsOf(keyUnderRepair.document).length ? [index] : [],
  );
