import { present } from '../policy/request.ts';
import {
  anyPrincipalOf,
  type CallingPrincipal,
  foreignPrincipal,
  KEY_ORGANIZATION,
  memberOf,
  ordinaryPrincipals,
} from './adversaries.ts';
import { pathsIn } from './conditionKeys/domains.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { crowdsOfPrincipals, type NamedCrowd } from './policyNames.ts';
import { type Outsider, outsider } from './trust.ts';

/** Principals whom a policy names together, and whose they are. */
export interface Crowd {
  /** "organization `...`". */
  readonly name: string;
  /** "every principal of organization `...`". */
  readonly everybody: string;
  /** The organization's id; `null` where it is not known. */
  readonly organization: string | null;
  /** Its management account, where that is how the policy names it. */
  readonly managementAccount: string | null;
  /** Some of them that nothing else sets apart: what they may do, all may. */
  readonly ordinary: readonly CallingPrincipal[];
  /** Any of them, whatever else is true of it. */
  readonly any: CallingPrincipal;
}

/** The crowds that the policies name, by what they have in common. */
export function namedCrowds(subject: KeyPolicySubject): readonly Crowd[] {
  const foreign = outsider(subject);
  return crowdsOfPrincipals(subject.policies).flatMap((crowd) => crowdOf(subject, foreign, crowd) ?? []);
}

/** `null` for the key's own organization where its account is in none. */
function crowdOf(subject: KeyPolicySubject, foreign: Outsider, crowd: NamedCrowd): Crowd | null {
  if (crowd.by === 'management') return ofManagement(subject, foreign, crowd.account);
  const named = identified(subject, crowd.organization);
  if (named === null) return null;
  const { id, name } = named;
  const organization = id === KEY_ORGANIZATION ? null : id;
  if (crowd.by === 'member') {
    const ordinary = ordinaryPrincipals(subject, foreign, foreign.account, id);
    const everybody = `every principal of ${name}`;
    return { name, everybody, organization, managementAccount: null, ordinary, any: memberOf(subject, foreign, id) };
  }
  const caller = foreignPrincipal(subject, foreign);
  const endpoint = { 'aws:VpceOrgID': present(id), 'aws:VpceOrgPaths': pathsIn(id) };
  const through = { ...caller, identity: { ...caller.identity, ...endpoint } };
  return {
    name: `the VPC endpoints of ${name}`,
    everybody: `everybody who calls through a VPC endpoint of ${name}`,
    organization,
    managementAccount: null,
    ordinary: [through],
    any: through,
  };
}

function ofManagement(subject: KeyPolicySubject, foreign: Outsider, account: string): Crowd {
  const managed = (caller: CallingPrincipal): CallingPrincipal => ({
    ...caller,
    identity: { ...caller.identity, 'aws:PrincipalOrgMasterAccountId': present(account) },
  });
  const name = `the organization of management account \`${account}\``;
  return {
    name,
    everybody: `every principal of ${name}`,
    organization: null,
    managementAccount: account,
    ordinary: ordinaryPrincipals(subject, foreign, foreign.account).map(managed),
    any: managed(anyPrincipalOf(subject, foreign.account)),
  };
}

/** The id of an organization as a policy names it: literally, or as the key's own. */
function identified({ key }: KeyPolicySubject, named: string): { readonly id: string; readonly name: string } | null {
  if (!named.startsWith('$')) return { id: named, name: `organization \`${named}\`` };
  const { organizationId } = key;
  if (organizationId.read && organizationId.value === null) return null;
  const id = organizationId.read ? organizationId.value : null;
  return id === null
    ? { id: KEY_ORGANIZATION, name: "the key's own organization" }
    : { id, name: `organization \`${id}\`` };
}
