import { evaluateTrails } from '../rule/evaluate/evaluateTrails.ts';
import type { TrailVerdict } from '../rule/evaluate/evaluation.ts';
import { applyExceptions } from '../rule/exceptions/appliedExceptions.ts';
import { type Exceptions, exceptionsFor, NO_EXCEPTIONS } from '../rule/exceptions/exceptions.ts';
import { exceptionsInEffect } from '../rule/exceptions/exceptionsInEffect.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import type { RulePorts } from '../rule/ports.ts';
import { CHECK_IDS, checkOf } from '../trail/checks/index.ts';
import type { TrailFacts } from '../trail/facts.ts';
import type { CheckId, Finding } from '../trail/finding.ts';
import type { EditChange, RepairPlan } from '../trail/repair/plan.ts';
import { planRepairs } from '../trail/repair/planRepairs.ts';
import { rank } from '../trail/severity.ts';

/** A runbook must not go on: nothing was changed. The message is one sentence for whoever started it. */
export class RemediationStopped extends Error {
  override readonly name = 'RemediationStopped';
}

/** What a runbook starts from: every trail of the Region, evaluated from live facts. */
export interface LiveTrails {
  readonly verdicts: readonly TrailVerdict[];
  readonly subject: TrailVerdict;
  readonly exceptions: Exceptions;
}

/** The checks that the runbook for key policies fixes: CloudTrail is allowed for the trail. */
export const FIXED_BY_RUNBOOK: readonly CheckId[] = CHECK_IDS.filter((id) => checkOf(id).repairedBy === 'runbook');

/** Everything else is for a person: to narrow what somebody is granted, to touch a Deny, to enable or to encrypt. */
const ALLOWED: readonly EditChange[] = [
  'statement-added',
  'condition-value-added',
  'condition-value-corrected',
  'condition-key-corrected',
  'action-corrected',
  'resource-corrected',
];

/**
 * Evaluates the trails of the Region from live facts.
 *
 * @param name the trail's name, as AWS Config's resource id is, or its ARN
 * @throws RemediationStopped where no such trail lives here
 */
export async function readLiveTrails(name: string, ports: RulePorts, parameters: RuleParameters): Promise<LiveTrails> {
  const exceptions = await exceptionsInEffect(parameters, ports, NO_EXCEPTIONS);
  const verdicts = await evaluateTrails(await ports.listTrails(), ports, parameters, exceptions);
  const subject = verdicts.find(({ trail }) => trail.arn === name || trail.name === name);
  if (subject === undefined)
    throw new RemediationStopped(`no trail \`${name}\` has its home in this account and Region`);
  return { verdicts, subject, exceptions };
}

/** The failures of some checks that count against a trail: severe enough, and not excepted. */
export function failuresOf(
  { trail, findings }: Pick<TrailVerdict, 'trail' | 'findings'>,
  checks: readonly CheckId[],
  { minimumSeverity }: RuleParameters,
  exceptions: Exceptions,
): readonly Finding[] {
  const failures = findings.filter(
    ({ check, status, severity }) =>
      status === 'fail' && checks.includes(check) && rank(severity) <= rank(minimumSeverity),
  );
  return applyExceptions(failures, exceptionsFor(trail.arn, exceptions), trail.asOf).remaining;
}

/**
 * The repair of the key policy behind a trail that definitely fails.
 *
 * @throws RemediationStopped unless a check that the runbook fixes fails for certain, every decisive check of every trail
 * of the key is decided, and the planner offers a repair of permitted edits alone
 */
export function planKeyPolicyRepair(live: LiveTrails, parameters: RuleParameters): RepairPlan {
  const { subject, verdicts, exceptions } = live;
  const counts = (finding: Finding, trail: TrailFacts): boolean =>
    failuresOf({ trail, findings: [finding] }, FIXED_BY_RUNBOOK, parameters, exceptions).length > 0;
  const { key, trail } = subject;
  if (key === null)
    throw new RemediationStopped(`the trail \`${trail.arn}\` names no key, so there is no policy to fix`);
  const users = verdicts.filter((verdict) => verdict.key !== null && verdict.key.arn === key.arn);
  refuseUndecided(users);
  if (!subject.findings.some((finding) => counts(finding, trail)))
    throw new RemediationStopped(
      `none of ${FIXED_BY_RUNBOOK.map((id) => `\`${id}\``).join(', ')} fails for \`${trail.arn}\``,
    );
  const [plan] = planRepairs(users, {
    checks: checkOptions(parameters),
    dedicatedKeys: false,
    chosenKeys: new Map(),
    knownTrails: verdicts.map((verdict) => verdict.trail.arn),
    considers: counts,
  });
  if (plan?.status === 'handed-over') throw new RemediationStopped(plan.reason ?? 'the change is for its owner');
  if (plan === undefined || plan.status !== 'repaired')
    throw new RemediationStopped(`nothing is offered for \`${trail.arn}\`: ${plan?.reason ?? 'nothing is to do'}`);
  const forAPerson = plan.edits.find(({ change }) => !ALLOWED.includes(change));
  if (forAPerson !== undefined)
    throw new RemediationStopped(
      `the repair takes \`${forAPerson.change}\`, which is for a person: ${forAPerson.message}`,
    );
  return plan;
}

/** An undecided trail never starts a repair. */
function refuseUndecided(users: readonly TrailVerdict[]): void {
  for (const { trail, findings } of users) {
    const open = findings.find(({ check, status }) => status === 'unknown' && checkOf(check).isDecisive);
    if (open !== undefined)
      throw new RemediationStopped(`\`${open.check}\` is undecided for \`${trail.arn}\`: ${open.message}`);
  }
}
