/**
 * Prints the resource policy that lets AWS Config invoke the central function for an organization rule or pack:
 *
 *   npm exec -c 'node scripts/functionPolicy.ts --function ARN --accounts 111122223333,444455556666'
 *   aws organizations list-accounts --output json |
 *     npm exec -c 'node scripts/functionPolicy.ts --function ARN [--format commands]'
 *
 * `--format policy` (the default) prints the policy as JSON, `commands` one `aws lambda add-permission` a statement. Exits
 * 2 on bad input and where the policy would not fit.
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
} from './resourcePolicy.ts';

function main(): void {
  const { values } = parseArgs({
    options: {
      function: { type: 'string' },
      accounts: { type: 'string' },
      format: { type: 'string', default: 'policy' },
    },
  });
  if (values.function === undefined) throw new Error('`--function` is missing, accepted is the ARN of the function');
  if (!['policy', 'commands'].includes(values.format))
    throw new Error(`\`--format\` is \`${values.format}\`, accepted are \`policy\` and \`commands\``);
  const accounts = values.accounts?.split(',').map((id) => id.trim()) ?? activeAccounts(readFileSync(0, 'utf8'));
  const policy = resourcePolicy(values.function, accounts);
  console.log(values.format === 'policy' ? JSON.stringify(policy, null, 2) : addPermissionCommands(policy).join('\n'));
  console.error(`${policy.Statement.length} statements, ${sizeOf(policy)} of ${POLICY_BYTES} bytes`);
  if (isBroad(policy))
    console.error(
      "every account's rules may invoke the function: EXPECTED_ACCOUNTS or EXPECTED_ORGANIZATION is the only boundary (docs/threat-model.md)",
    );
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
