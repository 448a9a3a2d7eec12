import { createColors } from 'picocolors';
import { headOf, type PlanHead } from '../../report/planHead.ts';
import { printable } from '../../report/printable.ts';
import type { TextOptions } from '../../report/text.ts';
import { wrap } from '../../report/wrap.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { editedText, policyText } from '../../trail/repair/policyText.ts';
import { accessText } from './access.ts';
import { commandsOf } from './bundle.ts';
import { diffLines } from './diff.ts';
import { codeOf, type Form } from './forms.ts';

type Colours = ReturnType<typeof createColors>;

interface PlanTextOptions extends TextOptions {
  readonly diffAccess?: boolean;
  /** The policies stand in the files of the bundle, and the commands name them. */
  readonly inFiles?: boolean;
}

/** The plans for a person: what changes and why, the difference, the commands, and what a person must do. */
export function* textPlans(
  plans: readonly RepairPlan[],
  form: Form,
  { colour, quiet, width, diffAccess = false, inFiles = false }: PlanTextOptions,
): Generator<string> {
  const colours = createColors(colour);
  for (const plan of plans) {
    if (quiet && plan.status === 'nothing-to-do') continue;
    yield* planLines(plan, inFiles ? commandsOf(plan) : plan.commands, form, colours, width);
    yield '\n';
    if (diffAccess) yield* accessText(plan, { colour, width });
  }
  const count = (status: RepairPlan['status']): number => plans.filter((plan) => plan.status === status).length;
  const remaining = plans.filter(({ status, remaining: left }) => status === 'repaired' && left.length > 0).length;
  const rest = remaining === 0 ? '' : ` (${remaining} with something left for a person)`;
  const handed = count('handed-over') === 0 ? '' : `${count('handed-over')} handed over to its owner, `;
  yield `${plans.length} ${plans.length === 1 ? 'plan' : 'plans'}: ${count('repaired')} with a fix${rest}, ${handed}${count('declined')} declined, ${count('nothing-to-do')} with nothing to do\n`;
}

const PAINT = { good: 'green', open: 'yellow', bad: 'red' } as const satisfies Record<PlanHead['look'], keyof Colours>;

function* planLines(
  plan: RepairPlan,
  commands: readonly string[],
  form: Form,
  colours: Colours,
  width: number,
): Generator<string> {
  const { look, title, fixes, leaves } = headOf(plan);
  yield `${colours[PAINT[look]](title)}  ${colours.bold(printable(plan.keyArn ?? 'no key'))}\n`;
  if (fixes.length > 0) yield* block(`fixes ${fixes.join(', ')}`, width, '  ');
  if (leaves.length > 0) yield* block(`leaves ${leaves.join(', ')}`, width, '  ');
  for (const arn of plan.trailArns) yield `  trail ${printable(arn)}\n`;
  for (const arn of plan.laterTrailArns ?? []) yield `  for a later stage: trail ${printable(arn)}\n`;
  if (plan.reason !== null) yield* block(plan.reason, width, '  ');
  if (plan.edits.length > 0) yield '\n';
  for (const { statement, change, message } of plan.edits) {
    yield `  ${colours.cyan(change)}${statement === null ? '' : `  ${printable(statement)}`}\n`;
    yield* block(message, width, '    ');
  }
  yield* difference(plan, colours);
  if (commands.length > 0)
    yield `\n  ${colours.bold('Commands')} (\`--apply\` runs them; \`--output DIRECTORY\` writes policy files and a script)\n\n`;
  for (const command of commands) yield `    ${printable(command)}\n`;
  const code = plan.work === null ? null : codeOf(plan, form);
  if (code !== null && code !== '') {
    yield `\n  ${colours.bold(form === 'terraform' ? 'Terraform' : 'CloudFormation')}\n\n`;
    for (const line of code.split('\n')) yield `    ${printable(line)}\n`;
  }
  if (plan.remaining.length > 0) yield `\n  ${colours.bold('Left for a person')}\n\n`;
  for (const { check, severity, message, remediation } of plan.remaining) {
    yield `  ${colours.yellow(severity)}  ${check}\n`;
    yield* block(message, width, '    ');
    yield* block(`→ ${remediation}`, width, '    ');
  }
}

function* difference({ work }: RepairPlan, colours: Colours): Generator<string> {
  if (work === null || work.policyEdits.length === 0) return;
  yield '\n';
  for (const line of diffLines(inLines(policyText(work.before)), inLines(editedText(work.before, work.policyEdits)))) {
    if (line === null) yield `    ${colours.dim('...')}\n`;
    else {
      const paint = line.kind === '+' ? colours.green : line.kind === '-' ? colours.red : (text: string) => text;
      yield `    ${paint(`${line.kind} ${printable(line.text)}`)}\n`;
    }
  }
}

/** A policy in one line, as KMS often gives it, shows no difference that a person could agree to. */
const inLines = (text: string): string => (text.includes('\n') ? text : JSON.stringify(JSON.parse(text), null, 2));

function* block(text: string, width: number, margin: string): Generator<string> {
  for (const line of wrap(printable(text), Math.max(40, width - margin.length))) yield `${margin}${line}\n`;
}
