import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../report/printable.ts';
import { keyIdentity } from '../../trail/arn.ts';
import { putKeyPolicyCommand, readPolicyCommand } from '../../trail/repair/commands.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { editedText } from '../../trail/repair/policyText.ts';
import { CouldNotFinish } from '../errors.ts';
import { writeOutput } from '../files.ts';
import { messageOf } from '../io.ts';

/** The script's name in the directory that `--output` names. */
export const SCRIPT = 'repair.sh';

/**
 * Writes the policies and a script that applies the plans, the script last and each file as a whole or not at all.
 *
 * @throws CouldNotFinish naming the directory or the file
 */
export async function writeBundle(directory: string, plans: readonly RepairPlan[]): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw new CouldNotFinish(`cannot make the directory \`${directory}\`: ${messageOf(error)}`, { cause: error });
  }
  for (const plan of plans) {
    if (plan.keyArn === null || plan.work === null || plan.work.policyEdits.length === 0) continue;
    await writeOutput(join(directory, policyFile(plan.keyArn)), [editedText(plan.work.before, plan.work.policyEdits)]);
  }
  await writeOutput(join(directory, SCRIPT), [script(plans)]);
}

/** The commands of a plan, with the policy in a file beside the script. */
export function commandsOf({ status, keyArn, work }: RepairPlan): readonly string[] {
  if (status !== 'repaired' || keyArn === null || work === null) return [];
  const write = work.policyEdits.length === 0 ? [] : [putKeyPolicyCommand(keyArn, `file://${policyFile(keyArn)}`)];
  return [...write, ...work.otherCommands];
}

/** Replicas of a multi-Region key share its id, so the Region is part of the name. */
export function fileStem(keyArn: string): string {
  const { accountId, region, keyId } = keyIdentity(keyArn) ?? { accountId: '', region: '', keyId: keyArn };
  return [accountId, region, keyId].join('.').replaceAll(/[^\w.-]/g, '_');
}

const policyFile = (keyArn: string): string => `${fileStem(keyArn)}.policy.json`;

function script(plans: readonly RepairPlan[]): string {
  const lines = [
    '#!/bin/sh',
    '# Written by cloudtrail-kms repair. Stops at the first command that fails.',
    '# Writes over what somebody else may have changed since; `cloudtrail-kms repair --apply` compares first.',
    'set -eu',
    'cd "$(dirname "$0")"',
  ];
  for (const plan of plans) {
    if (plan.status === 'handed-over') {
      const file = plan.keyArn === null || plan.work === null ? '' : ` (${policyFile(plan.keyArn)})`;
      lines.push(
        '',
        `# ${printable(plan.keyArn ?? plan.trailArns.join(', '))}${file}`,
        `# ${printable(plan.reason ?? '')}`,
      );
      continue;
    }
    if (plan.keyArn === null || plan.work === null) continue;
    lines.push('', `# ${printable(plan.keyArn)}`);
    for (const { statement, change, message } of plan.edits)
      lines.push(`#   ${change}${statement === null ? '' : ` ${printable(statement)}`}: ${printable(message)}`);
    if (plan.work.policyEdits.length > 0) lines.push(backUp(plan.keyArn));
    lines.push(...commandsOf(plan));
  }
  return `${lines.join('\n')}\n`;
}

/** Keeps the policy as it was before the first run, also when the script runs again. */
function backUp(keyArn: string): string {
  const file = `${fileStem(keyArn)}.backup.json`;
  return `[ -s ${file} ] || ${readPolicyCommand(keyArn)} > ${file}`;
}
