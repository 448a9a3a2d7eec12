import type { Principal } from './request.ts';
import type { PrincipalElement } from './statement.ts';

/**
 * How a statement's principal element covers a principal: by itself (`yes`), by naming its account (`delegated`), not at
 * all, or in a way that the documentation leaves open.
 */
type PrincipalMatch = 'yes' | 'no' | 'delegated' | { readonly open: string };

const OPEN_AWS_STAR =
  'whether {"AWS": "*"} covers service principals is not documented (AWS JSON policy elements: Principal)';
const OPEN_ALLOW_NOT_PRINCIPAL =
  'what an Allow with NotPrincipal means for the other principals of a named account is not documented';
const OPEN_WITHOUT_ACCOUNT =
  'a Deny whose NotPrincipal names a principal and not its account may deny the principal too (AWS JSON policy elements: NotPrincipal)';
const OPEN_SESSION =
  'whether a NotPrincipal that names a role but not its session exempts the session is not documented';

/** A principal, taken apart once for all statements that it is compared with. */
export type KnownPrincipal =
  | { readonly service: string }
  | { readonly aws: string; readonly account: string; readonly isRoot: boolean };

export function knownPrincipal(principal: Principal): KnownPrincipal {
  if ('service' in principal) return principal;
  return { aws: principal.aws, account: accountOf(principal.aws), isRoot: ROOT_ARN.test(principal.aws) };
}

const SERVICE_LINKED_ROLE = /^arn:[^:]+:iam::\d{12}:role\/aws-service-role\//;

/**
 * Those of resource control policies that bind a principal: none binds a service-linked role (AWS Organizations User Guide,
 * Resources and entities not restricted by RCPs).
 */
export const controlsOver = <T>(principal: Principal, policies: readonly T[]): readonly T[] =>
  'aws' in principal && SERVICE_LINKED_ROLE.test(principal.aws) ? [] : policies;

/** Principal and NotPrincipal (AWS JSON policy elements: Principal; NotPrincipal). */
export function matchPrincipal(
  element: PrincipalElement,
  effect: 'Allow' | 'Deny',
  principal: KnownPrincipal,
): PrincipalMatch {
  const named = 'service' in principal ? nameService(element, principal.service) : nameAws(element, principal);
  if (element.negated) return exempt(named, effect, namesAccountOf(element, principal));
  if (named === 'session') return 'yes';
  // A Deny for an account holds for every principal of the account; only an Allow hands the decision over.
  return named === 'delegated' && effect === 'Deny' ? 'yes' : named;
}

type Naming = PrincipalMatch | 'session';

/** Whether a NotPrincipal names a principal's whole account beside it, as AWS asks for. A service has none. */
const namesAccountOf = (element: PrincipalElement, principal: KnownPrincipal): boolean =>
  'service' in principal ||
  element.everyone ||
  element.aws.some((name) => name === '*' || namesAccount(name, principal.account, principal.aws));

function exempt(named: Naming, effect: 'Allow' | 'Deny', withAccount: boolean): PrincipalMatch {
  if (named === 'yes') return effect === 'Deny' && !withAccount ? { open: OPEN_WITHOUT_ACCOUNT } : 'no';
  if (named === 'no') return 'yes';
  if (named === 'session') return { open: OPEN_SESSION };
  // Naming an account exempts its root user alone: the documentation's examples list account and user together.
  if (named === 'delegated') return effect === 'Deny' ? 'yes' : { open: OPEN_ALLOW_NOT_PRINCIPAL };
  return named;
}

function nameService(element: PrincipalElement, service: string): Naming {
  if (element.everyone || element.service.includes(service)) return 'yes';
  return element.aws.includes('*') ? { open: OPEN_AWS_STAR } : 'no';
}

function nameAws(
  element: PrincipalElement,
  { aws: arn, account, isRoot }: Extract<KnownPrincipal, { aws: string }>,
): Naming {
  if (element.everyone) return 'yes';
  let best: Naming = 'no';
  for (const name of element.aws) {
    if (name === '*' || name === arn || (isRoot && namesAccount(name, account, arn))) return 'yes';
    if (isRoleOfSession(name, arn)) best = 'session';
    else if (best === 'no' && namesAccount(name, account, arn)) best = 'delegated';
  }
  return best;
}

const ROOT_ARN = /^arn:([^:]+):iam::(\d{12}):root$/;
const SESSION_ARN = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//;
const ROLE_ARN = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

function namesAccount(name: string, account: string, arn: string): boolean {
  if (account === '') return false;
  if (name === account) return true;
  const root = ROOT_ARN.exec(name);
  return root !== null && root[2] === account && root[1] === arn.split(':')[1];
}

/** A role's ARN covers its sessions; the ARN of a session leaves out the role's path. */
function isRoleOfSession(name: string, arn: string): boolean {
  if (!arn.includes(':assumed-role/')) return false;
  const session = SESSION_ARN.exec(arn);
  const role = session === null ? null : ROLE_ARN.exec(name);
  return role !== null && session !== null && [1, 2, 3].every((part) => role[part] === session[part]);
}
