import type { Permission, PermissionHolder, When } from './permission.ts';
import { STATEMENTS, type StatementId, statementOf, variable } from './statements.ts';
import { PERMISSIONS } from './table.ts';

/** An IAM policy, as JSON. */
export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IamStatement[];
}

interface IamStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** Whose least policy it is. `organization` is that of whoever enters the other accounts; in these it takes that of `scan`. */
export const POLICIES = ['scan', 'organization', 'rule', 'repair', 'verify'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** What a policy is written for. */
export interface PolicyScope {
  readonly partition: string;
  /** The role that every other account has, with its path; `null`: none is entered, or its name is left open. */
  readonly roleName: string | null;
}

const CALLERS: Readonly<Record<PolicyName, readonly PermissionHolder[]>> = {
  scan: ['scan'],
  organization: ['scan'],
  rule: ['rule'],
  repair: ['scan', 'repair'],
  verify: ['scan', 'verify'],
};

/** Which accounts are read, and how. */
interface Reached {
  readonly organization: boolean;
  readonly roles: boolean;
  readonly aggregator: boolean;
  /** What `--read` names. */
  readonly alsoRead?: readonly string[] | undefined;
}

/** What `--read` names that looks up events. */
const LOOK_UPS = ['key-events', 'history', 'previous-keys'] as const;

/** The calls that a policy is for; of the rule's those that a parameter adds are among them. */
export function permissionsFor(
  name: PolicyName,
  { organization, roles, aggregator, alsoRead = [] }: Reached,
): readonly Permission[] {
  const asked: Readonly<Partial<Record<When, boolean>>> = {
    organization: organization || name === 'organization',
    roles: roles || organization || name === 'organization',
    aggregator,
    'bare-items': aggregator,
    'bucket-policy': alsoRead.includes('bucket-policy'),
    'key-events': alsoRead.includes('key-events'),
    'log-group': alsoRead.includes('log-group'),
    topic: alsoRead.includes('topic'),
    'event-data-stores': alsoRead.includes('event-data-stores'),
    'previous-keys': alsoRead.includes('previous-keys'),
    'look-ups': name === 'verify' || LOOK_UPS.some((read) => alsoRead.includes(read)),
  };
  return PERMISSIONS.filter(
    ({ callers, when }) =>
      callers.some((caller) => CALLERS[name].includes(caller)) &&
      (name === 'rule' || when === undefined || asked[when] !== false),
  );
}

/** The least policy for some calls: actions and resources by name, in statements that can be left out one by one. */
export function policyOf(permissions: readonly Permission[], scope: PolicyScope): IamPolicy {
  const isOrganization = permissions.some(({ when }) => when === 'organization');
  const ids = (Object.keys(STATEMENTS) as readonly StatementId[]).filter((id) =>
    permissions.some(({ statement }) => statement === id),
  );
  return {
    Version: '2012-10-17',
    Statement: ids.map((Sid) => {
      const { resources, condition } = statementOf(Sid);
      const actions = permissions.filter(({ statement }) => statement === Sid).map(({ action }) => action);
      // The accounts of the organization alone are entered.
      const Condition = Sid === 'AssumeReaderRole' && isOrganization ? OWN_ORGANIZATION : condition;
      return {
        Sid,
        Effect: 'Allow',
        Action: oneOrMany([...new Set(actions)].toSorted()),
        Resource: oneOrMany(resources.map((resource) => arnOf(resource, scope))),
        ...(Condition && { Condition }),
      };
    }),
  };
}

const OWN_ORGANIZATION = { StringEquals: { 'aws:ResourceOrgID': variable('aws:PrincipalOrgID') } };

const arnOf = (resource: string, { partition, roleName }: PolicyScope): string =>
  resource === '*'
    ? resource
    : `arn:${partition}:${resource.replace('ROLE_NAME', () => (roleName ?? 'ROLE_NAME').replace(/^\//, ''))}`;

const oneOrMany = (items: readonly string[]): string | readonly string[] =>
  items.length === 1 ? (items[0] ?? '') : items;
