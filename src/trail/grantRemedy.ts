import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { editPolicy, writePolicy } from './remedies.ts';
import type { Remedy } from './remedy/remedy.ts';
import type { Denial } from './serviceAccess.ts';
import type { StatementDocument } from './statements.ts';

/** What a person does so that the policies answer yes: narrow the Deny, or correct or add the statement. */
export function grantRemedy(
  subject: KeyPolicySubject,
  denied: readonly Denial[],
  statement: StatementDocument,
): Remedy {
  const refusals = denied.map(({ refusal }) => refusal);
  const deny = refusals.find(({ kind }) => kind === 'deny');
  if (deny !== undefined) return writePolicy(subject, { edit: 'exempt-services', statements: deny.statements });
  if (refusals.some(({ kind }) => kind === 'resource-control'))
    return editPolicy({ edit: 'exempt-services-in-resource-control-policy' });
  const refused = refusals.find(({ kind }) => kind === 'grammar');
  if (refused !== undefined)
    return writePolicy(subject, { edit: 'replace-statement', statement, statements: refused.statements });
  const nearest = refusals.find(({ correctable }) => correctable);
  return writePolicy(subject, { edit: 'add-statement', statement, statements: nearest?.statements ?? [] });
}
