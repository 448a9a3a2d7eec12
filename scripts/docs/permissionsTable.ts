import { lackedBy, MANAGED_POLICIES } from '../../src/aws/permissions/managedPolicies.ts';
import { type Permission, type PermissionHolder, WHEN } from '../../src/aws/permissions/permission.ts';
import { permissionsFor } from '../../src/aws/permissions/policy.ts';
import { PERMISSIONS } from '../../src/aws/permissions/table.ts';
import { table } from './tables.ts';

/** What each call of some holders takes, but for those that take nothing. */
export const permissionsTable = (holder: PermissionHolder): string =>
  table(
    ['action', 'needed', 'made where', 'statement'],
    PERMISSIONS.filter(({ callers, statement }) => callers.includes(holder) && statement !== null).map((row) => [
      `\`${row.action}\``,
      needInWords(row),
      row.when === undefined ? 'always' : WHEN[row.when],
      `\`${row.statement}\``,
    ]),
  );

function needInWords({ need }: Permission): string {
  if (need === 'needed') return 'yes';
  const unknown = need.unknown.map((check) => `[\`${check}\`](checks/${check}.md)`).join(', ');
  return unknown === '' ? `no; without it ${need.effect}` : `no; unknown without it: ${unknown}`;
}

/** What the policies that AWS manages lack for `scan`, whatever its options, and for `repair --apply`. */
export function managedPoliciesTable(): string {
  const all = { organization: true, roles: true, aggregator: true };
  const lacks = (policy: (typeof MANAGED_POLICIES)[number], name: 'scan' | 'repair'): string =>
    lackedBy(policy, permissionsFor(name, all))
      .filter(({ callers }) => name === 'scan' || callers.includes('repair'))
      .map(({ action, need }) => `\`${action}\`${need === 'needed' ? '' : ' (optional)'}`)
      .join(', ');
  return table(
    ['policy', 'version', 'lacks for `scan`', 'lacks beside for `repair --apply`'],
    MANAGED_POLICIES.map((policy) => [
      `\`${policy.name}\``,
      `${policy.version} of ${policy.asOf}`,
      lacks(policy, 'scan'),
      lacks(policy, 'repair'),
    ]),
  );
}
