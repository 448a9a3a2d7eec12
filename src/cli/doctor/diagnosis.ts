import type { Home } from '../../aws/access.ts';
import type { Call } from '../../aws/errors.ts';
import { lackedBy, MANAGED_POLICIES } from '../../aws/permissions/managedPolicies.ts';
import type { Permission } from '../../aws/permissions/permission.ts';
import { type IamPolicy, type PolicyName, permissionsFor, policyOf } from '../../aws/permissions/policy.ts';
import type { WatchedCall } from '../../aws/watchedAccess.ts';
import { organizationId } from '../../facts/organizations.ts';
import type { Reading } from '../../trail/facts.ts';
import type { LiveRequest } from '../live/request.ts';
import type { Examined } from './examine.ts';
import { type Tried, triedOf } from './tried.ts';

export interface Diagnosis {
  readonly for: PurposeName;
  /** `missing`: something needed was denied; `unfinished`: something could not be asked. */
  readonly status: 'complete' | 'missing' | 'unfinished';
  readonly home: Home;
  readonly caller: string;
  readonly organization: Reading<string | null> | null;
  /** Where trails were asked for, whatever came of it; none where an aggregator lists them. */
  readonly regions: readonly string[];
  /** The role that every other account is entered by; `null`: none is. */
  readonly roleArn: string | null;
  readonly accounts: readonly string[];
  readonly trails: number;
  readonly calls: readonly Tried[];
  /** Accounts that there is no way into, and why. */
  readonly closed: readonly { readonly accountId: string; readonly reason: string }[];
  /** What adds whatever is missing and can be added, for each principal. */
  readonly policies: readonly { readonly principal: string; readonly policy: IamPolicy }[];
  readonly managedPolicies: readonly ManagedDiagnosis[];
}

export interface ManagedDiagnosis {
  readonly name: string;
  readonly version: string;
  readonly asOf: string;
  readonly lacks: readonly Permission[];
}

export type PurposeName = Extract<PolicyName, 'scan' | 'repair'>;

interface Evidence {
  readonly purpose: PurposeName;
  readonly request: LiveRequest;
  readonly home: Home;
  readonly caller: string;
  readonly readerArn: (accountId: string) => string;
  readonly examined: Examined;
  readonly attempts: readonly WatchedCall[];
}

export function diagnose({ purpose, request, home, caller, readerArn, examined, attempts }: Evidence): Diagnosis {
  const permissions = permissionsFor(purpose, {
    organization: request.accounts === 'organization',
    roles: request.roleName !== null,
    aggregator: request.aggregator !== null,
    alsoRead: request.alsoRead,
  });
  const last = [...new Map(attempts.map((attempt): [Call, WatchedCall] => [attempt.call, attempt])).values()];
  const calls = permissions
    .map((permission) => triedOf(permission, last))
    // Without `--all-regions` it is made only where a Region does not answer.
    .filter(
      ({ permission, status }) =>
        permission.when !== 'all-regions' || request.regions === 'all' || status !== 'not-tried',
    );
  const closed = [...examined.closed].map(([accountId, reason]) => ({ accountId, reason }));
  return {
    for: purpose,
    status: statusOf(calls, closed.length > 0),
    home,
    caller,
    organization: examined.organization === null ? null : organizationId(examined.organization),
    regions: [
      ...new Set(last.flatMap(({ call }) => (call.operation === 'DescribeTrails' ? [call.region] : []))),
    ].toSorted(),
    roleArn: request.roleName === null ? null : readerArn('*'),
    accounts: examined.accounts,
    trails: examined.trails,
    calls,
    closed,
    policies: policiesFor(calls, { home, caller, roleArn: readerArn('*'), roleName: request.roleName }),
    managedPolicies: MANAGED_POLICIES.map((policy) => ({
      name: policy.name,
      version: policy.version,
      asOf: policy.asOf,
      lacks: lackedBy(
        policy,
        calls.map(({ permission }) => permission),
      ),
    })),
  };
}

function statusOf(calls: readonly Tried[], isClosed: boolean): Diagnosis['status'] {
  if (calls.some(({ failed }) => failed.length > 0)) return 'unfinished';
  const isMissing = calls.some(({ permission, status }) => permission.need === 'needed' && status === 'denied');
  return isMissing || isClosed ? 'missing' : 'complete';
}

interface Principals {
  readonly home: Home;
  readonly caller: string;
  readonly roleArn: string;
  readonly roleName: string | null;
}

function policiesFor(calls: readonly Tried[], { home, caller, roleArn, roleName }: Principals): Diagnosis['policies'] {
  const missing = (isOwn: boolean) =>
    calls
      .filter(
        ({ permission, denied }) =>
          permission.statement !== null &&
          denied.some(({ accountId, isGrantable }) => isGrantable && (accountId === home.accountId) === isOwn),
      )
      .map(({ permission }) => permission);
  return [
    { principal: caller, permissions: missing(true) },
    { principal: roleArn, permissions: missing(false) },
  ].flatMap(({ principal, permissions }) =>
    permissions.length === 0
      ? []
      : [{ principal, policy: policyOf(permissions, { partition: home.partition, roleName }) }],
  );
}
