import { type PolicyRefusal, policyRefusals } from '../../policy/policyRefusals.ts';
import { evaluateTrail } from '../evaluateTrail.ts';
import type { CheckId, Finding, FindingStatus } from '../finding.ts';
import { ownerOf } from '../owner.ts';
import { assignedInWords, withFormerFindings } from './assignment.ts';
import { putKeyPolicyCommand, setKeyCommand } from './commands.ts';
import { fixPolicy } from './fixPolicy.ts';
import type { Advice, KeyCase, KeyUser } from './keyCase.ts';
import { keyEdits } from './keyEdits.ts';
import { editsFromStart, makeWritable } from './makeWritable.ts';
import type { Edit, RepairPlan, RepairSubject, StatementEdit } from './plan.ts';
import { type KeyUnderRepair, type PolicyDraft, unedited } from './policyDraft.ts';
import { isOpen, remainingOf, type TrailFindings } from './remaining.ts';
import { keyUnderRepairOf } from './repairable.ts';

/** Plans the repair of one key for all trails that use it. */
export function planKey(given: KeyCase): RepairPlan {
  const { users } = given;
  const open = openFindings(given, users);
  if (open.every(({ findings }) => findings.length === 0) && users.every(({ assigned }) => assigned === null))
    return nothingToDo(given);
  const keyUnderRepair = keyUnderRepairOf(
    given,
    open.flatMap(({ findings }) => findings),
  );
  if (typeof keyUnderRepair === 'string') return declined(given, open, keyUnderRepair);
  const writable = makeWritable(keyUnderRepair);
  const fixed = fixPolicy(unedited(writable.keyUnderRepair), given);
  if (fixed.obstacle !== null) return declined(given, open, fixed.obstacle, fixed.advice);
  const { draft, advice } = fixed;
  // What only keeps KMS from taking a policy matters where one is to be written, or somebody asks for it.
  const asked = open.some(({ findings }) =>
    findings.some(({ check }) => ['policy-well-formed', 'policy-writable'].includes(check)),
  );
  const needed = draft.edits.length > 0 || asked;
  return needed
    ? conclude(given, open, { before: keyUnderRepair, edits: editsFromStart(writable, draft), draft }, advice)
    : conclude(given, open, { before: keyUnderRepair, edits: [], draft: unedited(keyUnderRepair) }, advice);
}

/** A policy before and after edits, which speak of the statements as they were before. */
interface EditedPolicy {
  readonly before: KeyUnderRepair;
  readonly edits: readonly StatementEdit[];
  readonly draft: PolicyDraft;
}

function conclude(given: KeyCase, open: readonly TrailFindings[], edited: EditedPolicy, advice: Advice): RepairPlan {
  const { users, later, options } = given;
  const { before, edits: policyEdits, draft } = edited;
  const { keyArn } = before;
  const ofKey = keyEdits(
    draft.key,
    keyArn,
    open.flatMap(({ findings }) => findings),
  );
  const afterEdits = (user: KeyUser): KeyUser => ({
    ...user,
    key: ofKey.key,
    findings: evaluateTrail(user.trail, ofKey.key, options.checks),
  });
  const after = users.map(afterEdits);
  const worse = firstWorse([...users, ...later], [...after, ...later.map(afterEdits)]);
  if (worse !== null)
    return declined(given, open, `the edits would make \`${worse.check}\` worse: ${worse.message}`, advice);
  const left = openFindings(given, after);
  const remaining = remainingOf(left, (check) =>
    check === 'log-delivery-healthy' && delivers(after) ? waitForDelivery(users) : (advice.get(check) ?? null),
  );
  const assigns = users.filter(({ assigned }) => assigned !== null);
  const edits: Edit[] = [
    ...policyEdits.map(({ label, change, message }) => ({ statement: label, change, message })),
    ...ofKey.edits,
    ...assigns.map((user): Edit => ({ statement: null, change: 'trail-key-set', message: assignedInWords(user) })),
  ];
  if (edits.length === 0) return declined(given, open, forAPerson(open), advice);
  const [refusal] = policyEdits.length === 0 ? [] : policyRefusals(draft.document);
  if (refusal !== undefined) return declined(given, open, notTaken(refusal), advice);
  const otherCommands = [...ofKey.commands, ...assigns.map(({ trail }) => setKeyCommand(trail, keyArn))];
  const write = policyEdits.length === 0 ? [] : [putKeyPolicyCommand(keyArn, JSON.stringify(draft.document))];
  return {
    keyArn,
    trailArns: users.map(({ trail }) => trail.arn),
    status: 'repaired',
    policy: draft.document,
    edits,
    commands: [...write, ...otherCommands],
    remaining,
    reason: null,
    work: {
      fixes: fixesOf(openFindings(given, users.map(withFormerFindings)), left),
      before: before.policy,
      policyEdits,
      otherCommands,
      formerKey: assigns[0]?.assigned?.from ?? null,
    },
  };
}

function fixesOf(open: readonly TrailFindings[], left: readonly TrailFindings[]): readonly CheckId[] {
  const stays = new Set(left.flatMap(({ trail, findings }) => findings.map(({ check }) => `${trail.arn} ${check}`)));
  return open.flatMap(({ trail, findings }) =>
    findings.flatMap(({ check }) => (stays.has(`${trail.arn} ${check}`) ? [] : check)),
  );
}

const notTaken = ({ statement, message }: PolicyRefusal): string =>
  `KMS takes no policy while it stands there: ${statement === null ? '' : `statement \`${statement}\`: `}${message}`;

/** Whether nothing about the key keeps CloudTrail from delivering any more. */
const delivers = (users: readonly RepairSubject[]): boolean =>
  users.every(({ findings }) =>
    findings.every(
      ({ check, status }) => status === 'pass' || !['key-usable', 'cloudtrail-can-encrypt'].includes(check),
    ),
  );

function waitForDelivery(users: readonly KeyUser[]): string {
  const first = users.some(({ trail, key }) => ownerOf(trail, key) !== null)
    ? 'Hand the change over'
    : 'Run the commands';
  return `${first}, then look at \`aws cloudtrail get-trail-status\` after the next delivery: CloudTrail tries again for 30 days. Where the error stays, the bucket policy is the cause.`;
}

/** The findings that are to be fixed or listed. */
function openFindings({ options }: KeyCase, users: readonly RepairSubject[]): readonly TrailFindings[] {
  return users.map(({ trail, findings }) => ({
    trail,
    findings: findings.filter((finding) => isOpen(finding) && options.considers(finding, trail)),
  }));
}

/** A check that would say less than it did: one that passed and would not any more, or one that was open and would fail. */
function firstWorse(before: readonly RepairSubject[], after: readonly RepairSubject[]): Finding | null {
  const statuses = new Map(
    before.flatMap(({ trail, findings }) =>
      findings.map(({ check, status }) => [`${trail.arn} ${check}`, status] as const),
    ),
  );
  const worse = after.flatMap(({ trail, findings }) =>
    findings.filter(({ check, status }) => isWorse(statuses.get(`${trail.arn} ${check}`), status)),
  );
  return worse[0] ?? null;
}

const isWorse = (before: FindingStatus | undefined, after: FindingStatus): boolean =>
  before === 'pass' ? after !== 'pass' : before === 'unknown' && after === 'fail';

function forAPerson(open: readonly TrailFindings[]): string {
  const findings = open.flatMap((one) => one.findings);
  const checks = [...new Set(findings.map(({ check }) => `\`${check}\``))];
  return `a person must decide what becomes of ${checks.join(', ')}: ${findings[0]?.message ?? ''}`;
}

const nothingToDo = ({ keyArn, users }: KeyCase): RepairPlan => ({
  keyArn,
  trailArns: users.map(({ trail }) => trail.arn),
  status: 'nothing-to-do',
  policy: null,
  edits: [],
  commands: [],
  remaining: [],
  reason: null,
  work: null,
});

function declined(
  given: KeyCase,
  open: readonly TrailFindings[],
  reason: string,
  advice: Advice = new Map(),
): RepairPlan {
  const remaining = remainingOf(open, (check) => advice.get(check) ?? null);
  return { ...nothingToDo(given), status: 'declined', remaining, reason };
}
