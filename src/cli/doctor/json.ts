import { WHEN } from '../../aws/permissions/permission.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Tried } from './tried.ts';

/** A diagnosis for programs. */
export function jsonDiagnosis(diagnosis: Diagnosis): string {
  const { home, caller, organization, calls, closed, managedPolicies, accounts, trails, policies } = diagnosis;
  return `${JSON.stringify(
    {
      version: 1,
      for: diagnosis.for,
      status: diagnosis.status,
      caller,
      accountId: home.accountId,
      region: home.region,
      regions: diagnosis.regions,
      roleArn: diagnosis.roleArn,
      organizationId: organization?.read ? organization.value : null,
      accounts,
      trails,
      calls: calls.map(callOf),
      closedAccounts: closed,
      policies,
      managedPolicies: managedPolicies.map(({ lacks, ...policy }) => ({
        ...policy,
        suffices: lacks.length === 0,
        lacks: lacks.map(({ action }) => action),
      })),
    },
    null,
    2,
  )}\n`;
}

function callOf({ permission, status, denied, failed }: Tried) {
  const { action, statement, service, operation, need, when } = permission;
  return {
    // AWS answers the others without any.
    action: statement === null ? null : action,
    call: `${service} ${operation}`,
    need: need === 'needed' ? need : 'optional',
    when: when === undefined ? null : WHEN[when],
    unknownWithoutIt: need === 'needed' ? [] : need.unknown,
    effectWithoutIt: need === 'needed' ? null : (need.effect ?? null),
    status,
    denied: denied.map(({ isGrantable: _, ...one }) => one),
    failed,
  };
}
