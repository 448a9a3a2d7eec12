import { type AccessRequest, absent, type KeyState, matching, perhaps, present } from '../policy/request.ts';
import { principalAccount } from './arn.ts';
import { TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import { requestContext } from './conditionKeys/context.ts';
import { ANY_ORGANIZATION, pathsIn } from './conditionKeys/domains.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { namedPrincipals } from './policyNames.ts';
import { serviceRequest } from './requests.ts';
import type { Outsider } from './trust.ts';

/** CloudTrail, encrypting for any trail of the outsider's account. */
export function foreignTrailRequest(subject: KeyPolicySubject, foreign: Outsider): AccessRequest {
  const anyTrail = matching(`arn:${subject.trail.partition}:cloudtrail:?*:${foreign.account}:trail/?*`);
  const request = serviceRequest(subject, 'kms:GenerateDataKey', {
    'aws:SourceAccount': present(foreign.account),
    'aws:SourceArn': anyTrail,
    [TRAIL_CONTEXT_KEY]: anyTrail,
    'aws:SourceOrgID': foreignOrganization(foreign.otherOrganizations),
    'aws:SourceOrgPaths': foreignPaths(foreign),
    ...keyOrganizationOf(subject),
  });
  return { ...request, ties: [['aws:SourceArn', TRAIL_CONTEXT_KEY]] };
}

/** A principal that calls KMS itself, and what is known of it. */
export interface CallingPrincipal {
  readonly arn: string;
  readonly account: string;
  /** The state of keys that identify the caller, beside its account. */
  readonly identity: Readonly<Record<string, KeyState>>;
}

/** Any principal of the outsider's account. */
export function foreignPrincipal(subject: KeyPolicySubject, foreign: Outsider): CallingPrincipal {
  const { partition } = subject.trail;
  return {
    arn: `arn:${partition}:iam::${foreign.account}:user/${foreign.name}`,
    account: foreign.account,
    identity: {
      'aws:PrincipalArn': anyArnOf(partition, foreign.account),
      'aws:PrincipalOrgID': foreignOrganization(foreign.otherOrganizations),
      'aws:PrincipalOrgPaths': foreignPaths(foreign),
      'aws:PrincipalOrgMasterAccountId': foreignAccount(foreign.names.accounts),
      ...foreignNetworks(subject, foreign),
    },
  };
}

/**
 * Any principal of an account but those that a policy names, for what is said of them would be asked of somebody else; its
 * network is left open.
 */
export function anyPrincipalOf(subject: KeyPolicySubject, account: string): CallingPrincipal {
  const { partition } = subject.trail;
  const arn = `arn:${partition}:iam::${account}:user/x`;
  const unnamed = { ...anyArnOf(partition, account), outside: namedPrincipals(subject.policies) };
  return { arn, account, identity: { 'aws:PrincipalArn': unnamed } };
}

/** The organization of a caller from the key's or the trail's account, where it is known. */
function ownMembership({ trail, key, keyAccount }: KeyPolicySubject, account: string): CallingPrincipal['identity'] {
  const of = account === keyAccount ? key.organizationId : account === trail.accountId ? trail.organizationId : null;
  if (of === null || !of.read)
    return {
      'aws:PrincipalOrgID': perhaps(ANY_ORGANIZATION),
      'aws:PrincipalOrgPaths': pathsIn(ANY_ORGANIZATION, true),
      'aws:PrincipalOrgMasterAccountId': foreignAccount([]),
    };
  if (of.value !== null) return membership(of.value, pathsIn(of.value));
  return { 'aws:PrincipalOrgID': absent, 'aws:PrincipalOrgPaths': absent, 'aws:PrincipalOrgMasterAccountId': absent };
}

/** A principal that a policy names. */
export function namedCaller(subject: KeyPolicySubject, arn: string): CallingPrincipal {
  const account = principalAccount(arn) ?? '';
  return { arn, account, identity: { 'aws:PrincipalArn': identityOf(arn), ...ownMembership(subject, account) } };
}

const SESSION = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//;

/** What aws:PrincipalArn holds: of a session its role's ARN, whose path the session's leaves out. */
function identityOf(arn: string): KeyState {
  const [session, partition, account, role] = SESSION.exec(arn) ?? [];
  if (session === undefined) return present(arn);
  const roles = `arn:${partition}:iam::${account}:role`;
  return matching(`${roles}/${role}`, `${roles}/**/${role}`);
}

/** The caller as a member of any organization but some. */
export const outsideOrganizations = (caller: CallingPrincipal, organizations: readonly string[]): CallingPrincipal => ({
  ...caller,
  identity: { ...caller.identity, 'aws:PrincipalOrgID': foreignOrganization(organizations) },
});

/** Any principal of an account that nobody names, in an organization. */
export function memberOf(subject: KeyPolicySubject, foreign: Outsider, organization: string): CallingPrincipal {
  const caller = anyPrincipalOf(subject, foreign.account);
  return { ...caller, identity: { ...caller.identity, ...membership(organization, pathsIn(organization)) } };
}

/**
 * A user and a role that nothing sets apart: no policy names them, they have no tags and are in no named network. What
 * they may do, every principal of their account may; with an organization, every principal of the organization.
 */
export function ordinaryPrincipals(
  subject: KeyPolicySubject,
  foreign: Outsider,
  account: string,
  organization: string | null = null,
): readonly CallingPrincipal[] {
  const tags = foreign.names.conditionKeys.filter((key) => key.startsWith('aws:principaltag/'));
  return ['user', 'role'].map((kind) => {
    const arn = `arn:${subject.trail.partition}:iam::${account}:${kind}/${foreign.name}`;
    return {
      arn,
      account,
      identity: {
        ...Object.fromEntries(tags.map((key) => [key, absent])),
        ...foreignNetworks(subject, foreign),
        ...(organization === null
          ? ownMembership(subject, account)
          : membership(organization, present([pathOutsideUnits(organization, foreign)]))),
        'aws:PrincipalArn': present(arn),
        'aws:userid': present(`AIDAORDINARY:${foreign.name}`),
        'aws:username': present(foreign.name),
      },
    };
  });
}

const membership = (organization: string, paths: KeyState): Readonly<Record<string, KeyState>> => ({
  'aws:PrincipalOrgID': present(organization),
  'aws:PrincipalOrgPaths': paths,
});

/** The path of an account that is in no organizational unit which a policy names. */
function pathOutsideUnits(organization: string, { names }: Outsider): string {
  const root = names.texts
    .map((text) => text.split('/'))
    .find(([id, segment]) => id === organization && segment !== undefined && /^r-[a-z0-9]+$/.test(segment))?.[1];
  return `${organization}/${root ?? 'r-ordi'}/ou-ordi-ordinary/`;
}

/** What aws:PrincipalArn can hold; for a role's session it is the role's ARN. */
const anyArnOf = (partition: string, account: string) =>
  matching(
    `arn:${partition}:iam::${account}:user/?**`,
    `arn:${partition}:iam::${account}:role/?**`,
    `arn:${partition}:iam::${account}:root`,
    `arn:${partition}:sts::${account}:federated-user/?*`,
  );

/** Stands in for the id of the key's organization where that is not known. */
export const KEY_ORGANIZATION = 'o-keysownorganization';

/** A caller's request. What the caller controls and what nobody knows is unknown. */
export function callerRequest(subject: KeyPolicySubject, caller: CallingPrincipal, action: string): AccessRequest {
  return {
    principal: { aws: caller.arn },
    action,
    resource: subject.keyArn,
    context: {
      ...requestContext(subject, 'principal', action),
      'kms:CallerAccount': present(caller.account),
      'aws:PrincipalAccount': present(caller.account),
      ...keyOrganizationOf(subject),
      ...ownMembership(subject, caller.account),
      ...caller.identity,
    },
    otherKeys: 'unknown',
  };
}

/**
 * The organization of the key. Where it is not known it still is none of the outsider's: a stand-in id keeps a policy
 * that compares somebody's organization with the key's own from looking open.
 */
function keyOrganizationOf(subject: KeyPolicySubject): Readonly<Record<string, KeyState>> {
  const { organizationId } = subject.key;
  if (organizationId.read)
    return { 'aws:ResourceOrgID': organizationId.value === null ? absent : present(organizationId.value) };
  const comparedWithLiteral = subject.policies
    .flatMap((policy) => policy.statements.flatMap((statement) => statement.conditions))
    .some(({ key, values }) => /^aws:resourceorgid$/i.test(key) && values.some((value) => !value.includes('${')));
  return comparedWithLiteral ? {} : { 'aws:ResourceOrgID': present(KEY_ORGANIZATION) };
}

const foreignOrganization = (others: readonly string[]): KeyState => ({
  is: 'constrained',
  matching: [ANY_ORGANIZATION],
  outside: [...others, KEY_ORGANIZATION],
  orAbsent: true,
});

const foreignPaths = (foreign: Outsider): KeyState => pathsIn(foreign.organization, true);

const foreignAccount = (named: readonly string[]): KeyState => ({
  is: 'constrained',
  matching: ['############'],
  outside: named,
  orAbsent: true,
});

/** Networks of an outsider: never one that a policy names, by its id or by whose it is. */
function foreignNetworks({ trail }: KeyPolicySubject, foreign: Outsider): Readonly<Record<string, KeyState>> {
  const network: KeyState = { is: 'constrained', matching: [], outside: foreign.names.networks, orAbsent: true };
  return {
    'aws:SourceVpc': network,
    'aws:SourceVpce': network,
    'aws:SourceVpcArn': perhaps(`arn:${trail.partition}:ec2:?*:${foreign.account}:vpc/?*`),
    'aws:VpceAccount': foreignAccount(foreign.names.accounts),
    'aws:VpceOrgID': foreignOrganization(foreign.otherOrganizations),
    'aws:VpceOrgPaths': foreignPaths(foreign),
  };
}
