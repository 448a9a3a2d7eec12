import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './bundle.ts';

/** Carries a step out and answers with its payload as text, or fails like the step would. */
export type Work = (step: Step, inputs: Readonly<Record<string, unknown>>) => Promise<string>;

export interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly isEnd?: boolean;
}

interface Branch {
  readonly NextStep: string;
  readonly Variable: string;
  readonly StartsWith: string;
}

const template = parse(readFileSync(join(root, 'deploy/remediation/runbooks.yaml'), 'utf8'), { logLevel: 'error' });

/**
 * Walks through a runbook as SSM Automation does (AWS Systems Manager User Guide, "Systems Manager Automation actions
 * reference"), as far as these runbooks need it. Resolves to the names of the steps it came through.
 *
 * @param values of parameters, and of what the template refers to
 */
export async function walk(
  document: 'EnableEncryption' | 'RepairKeyPolicy',
  values: Readonly<Record<string, unknown>>,
  work: Work,
): Promise<readonly string[]> {
  const steps: readonly Step[] = template.Resources[document].Properties.Content.mainSteps;
  const known = new Map(Object.entries(values));
  const walked: string[] = [];
  let at = 0;
  for (;;) {
    const step = steps[at];
    if (step === undefined) return walked;
    walked.push(step.name);
    if (step.action === 'aws:branch') {
      const { Choices, Default } = step.inputs as { Choices: readonly Branch[]; Default: string };
      const chosen = Choices.find((one) => String(filled(one.Variable, known)).startsWith(one.StartsWith));
      at = steps.findIndex(({ name }) => name === (chosen?.NextStep ?? Default));
      continue;
    }
    known.set(`${step.name}.Payload`, await work(step, filled(step.inputs, known) as Record<string, unknown>));
    if (step.isEnd === true) return walked;
    at += 1;
  }
}

/** CloudFormation's `!Ref X` reads as `X`; SSM's variables stand in double braces. */
function filled(value: unknown, known: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((entry) => filled(entry, known));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member, known)]));
  if (typeof value !== 'string') return value;
  if (known.has(value)) return known.get(value);
  return value.replaceAll(/\{\{ ([\w.:]+) \}\}/g, (_, name: string) => String(known.get(name)));
}
