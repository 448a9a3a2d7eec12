import { putKeyPolicyCommand } from './commands.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { quoted } from './refusals.ts';
import type { Denial } from './serviceAccess.ts';
import type { StatementDocument } from './statements.ts';

/** What a person does so that the policies answer yes: narrow the Deny, or correct or add the statement. */
export function opening(
  { trail, key }: KeyPolicySubject,
  denied: readonly Denial[],
  statement: StatementDocument,
): string {
  const refusals = denied.map(({ refusal }) => refusal);
  const write = `\`${putKeyPolicyCommand(trail, key)}\``;
  const deny = refusals.find(({ kind }) => kind === 'deny');
  if (deny !== undefined) {
    return `Exempt AWS services from Deny statement ${quoted(deny.statements)} (\`"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}\`), then run ${write}.`;
  }
  if (refusals.some(({ kind }) => kind === 'resource-control')) {
    return 'Exempt AWS services (`aws:PrincipalIsAWSService`) in the resource control policy, in the management account.';
  }
  const nearest = refusals.find(({ correctable }) => correctable);
  const correct = nearest === undefined ? 'Add' : `Correct statement ${quoted(nearest.statements)}, or add`;
  return `${correct} \`${JSON.stringify(statement)}\` to the key policy, then run ${write}.`;
}
