import { printable } from '../../report/printable.ts';
import { putKeyPolicyCommand } from '../../trail/repair/commands.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import type { Outcomes } from './apply.ts';
import type { ApplyOutcome } from './applyOutcome.ts';
import { codeOf } from './forms.ts';

/** What became of the plans, for a person; a refused one as code for its owner. */
export function* outcomeText(plans: readonly RepairPlan[], outcomes: Outcomes | null): Generator<string> {
  if (outcomes === null) {
    yield 'Nothing was changed.\n';
    return;
  }
  for (const plan of plans) {
    if (plan.status !== 'repaired' && plan.status !== 'handed-over') continue;
    const outcome = outcomes.get(plan);
    const key = printable(plan.keyArn ?? 'no key');
    if (outcome === undefined) {
      yield `NOT APPLIED  ${key}\n  an earlier plan could not be finished; nothing of this one was changed\n`;
      continue;
    }
    yield `${TITLES[outcome.status]}  ${key}\n`;
    if (outcome.reason !== null) yield `  ${printable(outcome.reason)}\n`;
    if (outcome.backup !== null) yield `  the key policy as it was: ${printable(outcome.backup)}\n`;
    if (outcome.status === 'left' && outcome.backup !== null && plan.keyArn !== null)
      yield `  where it is not back, and nobody else's change is to stay, this puts it back: ${printable(putKeyPolicyCommand(plan.keyArn, `file://${outcome.backup}`))}\n`;
    if (outcome.status === 'refused' && plan.work !== null) yield* forTheOwner(plan);
  }
}

const TITLES: Readonly<Record<ApplyOutcome['status'], string>> = {
  applied: 'APPLIED',
  refused: 'FOR THE OWNER',
  changed: 'NOT APPLIED',
  failed: 'NOT APPLIED',
  'rolled-back': 'ROLLED BACK',
  left: 'LEFT HALF-WAY',
  interrupted: 'INTERRUPTED',
};

function* forTheOwner(plan: RepairPlan): Generator<string> {
  yield '\n';
  for (const line of (codeOf(plan, 'cloudformation') ?? '').split('\n')) yield `    ${printable(line)}\n`;
  yield '\n';
}
