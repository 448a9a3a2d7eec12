/**
 * Prints the resource policy that lets AWS Config invoke the central function for an organization rule or pack:
 *
 *   npm exec -c 'node scripts/functionPolicy.ts --function ARN --accounts 111122223333,444455556666'
 *   aws organizations list-accounts --output json |
 *     npm exec -c 'node scripts/functionPolicy.ts --function ARN [--format commands]'
 *
 * `--format policy` (the default) prints the whole policy for PutResourcePolicy as JSON: `--current FILE`, the answer of
 * `aws lambda get-policy`, says what else stays in it, and `--organization ID` stands for more accounts than fit. `commands`
 * prints one `aws lambda add-permission` a statement. Exits 2 on bad input and where the policy would not fit.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  activeAccounts,
  addPermissionCommands,
  isBroad,
  POLICY_BYTES,
  resourcePolicy,
  sizeOf,
  statementsOf,
  type WholePolicy,
  wholePolicy,
} from './resourcePolicy.ts';

function main(): void {
  const { values } = parseArgs({
    options: {
      function: { type: 'string' },
      accounts: { type: 'string' },
      format: { type: 'string', default: 'policy' },
      current: { type: 'string' },
      organization: { type: 'string' },
    },
  });
  if (values.function === undefined) throw new Error('`--function` is missing, accepted is the ARN of the function');
  if (!['policy', 'commands'].includes(values.format))
    throw new Error(`\`--format\` is \`${values.format}\`, accepted are \`policy\` and \`commands\``);
  const accounts = values.accounts?.split(',').map((id) => id.trim()) ?? activeAccounts(readFileSync(0, 'utf8'));
  const policy =
    values.format === 'policy'
      ? printWhole(values.function, accounts, values)
      : printCommands(values.function, accounts);
  console.error(`statements: ${policy.Statement.length}, ${sizeOf(policy)} of ${POLICY_BYTES} bytes`);
  if (isBroad(policy))
    console.error(
      "every account's rules may invoke the function: EXPECTED_ACCOUNTS or EXPECTED_ORGANIZATION is the only boundary (docs/threat-model.md)",
    );
}

function printWhole(
  functionArn: string,
  accounts: readonly string[],
  { current, organization }: { readonly current?: string; readonly organization?: string },
): WholePolicy {
  const kept = current === undefined ? [] : statementsOf(readFileSync(current, 'utf8'));
  const policy = wholePolicy(functionArn, accounts, organization === undefined ? { kept } : { kept, organization });
  console.log(JSON.stringify(policy, null, 2));
  if (current === undefined)
    console.error(
      'the policy takes the place of what the function’s policy holds: `--current FILE` says what else stays',
    );
  return policy;
}

function printCommands(functionArn: string, accounts: readonly string[]): WholePolicy {
  const policy = resourcePolicy(functionArn, accounts);
  console.log(addPermissionCommands(policy).join('\n'));
  return policy;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
