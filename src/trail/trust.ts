import { accountPatternsIn, accountsMatching, accountsOutside } from './accountPatterns.ts';
import type { CheckOptions } from './check.ts';
import type { TrailFacts } from './facts.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { distinct, type PolicyNames, policyNames } from './policyNames.ts';

/** Organizations whose accounts are not outsiders: those set, or else the trail account's own where it is known. */
export function trustedOrganizations(trail: TrailFacts, options: CheckOptions): readonly string[] {
  if (options.trustedOrganizations !== null) return options.trustedOrganizations;
  const own = trail.organizationId.read ? trail.organizationId.value : null;
  return own === null ? [] : [own];
}

/** The key's and the trail's account. */
export const ownAccounts = ({ trail, keyAccount }: KeyPolicySubject): readonly string[] => [
  trail.accountId,
  keyAccount,
];

/** Accounts that are not outsiders: the key's, the trail's and the trusted ones. */
export const insiders = (subject: KeyPolicySubject): readonly string[] => [
  ...ownAccounts(subject),
  ...subject.options.trustedAccounts,
];

/** An arbitrary outsider: an account that no policy names and nobody trusts, and names that nobody else bears. */
export interface Outsider {
  readonly account: string;
  /** A user or role name. */
  readonly name: string;
  readonly organization: string;
  readonly names: PolicyNames;
  /** Organization ids that are not the outsider's. */
  readonly otherOrganizations: readonly string[];
}

export function outsider(subject: KeyPolicySubject): Outsider {
  const names = policyNames(subject.policies);
  const otherOrganizations = [...names.organizations, ...trustedOrganizations(subject.trail, subject.options)];
  const keyOrganization = subject.key.organizationId.read ? subject.key.organizationId.value : null;
  if (keyOrganization !== null) otherOrganizations.push(keyOrganization);
  return {
    account: firstUnused(ACCOUNTS, (account) => [...names.accounts, ...insiders(subject)].includes(account)),
    name: firstUnused(NAMES, (name) => names.texts.some((text) => text.endsWith(`/${name}`))),
    organization: firstUnused(ORGANIZATIONS, (id) => otherOrganizations.includes(id)),
    names,
    otherOrganizations,
  };
}

/** Patterns of account ids in one policy that are looked at, the first ones; each costs a round of requests. */
const MOST_ACCOUNT_PATTERNS = 20;

/**
 * The outsider and, where the policy matches parts of account ids, one that each pattern allows and one that none does:
 * `1*` names no account and matches many.
 */
export function outsiders(subject: KeyPolicySubject): readonly Outsider[] {
  const any = outsider(subject);
  const patterns = distinct(any.names.texts.flatMap(accountPatternsIn)).slice(0, MOST_ACCOUNT_PATTERNS);
  if (patterns.length === 0) return [any];
  const taken = [...any.names.accounts, ...insiders(subject)];
  const accounts = [...patterns.map(accountsMatching), accountsOutside(patterns)].flatMap((ids) =>
    ids.filter((id) => !taken.includes(id)).slice(0, 1),
  );
  return [any, ...distinct(accounts).map((account) => ({ ...any, account }))];
}

/** Candidates without end, so that some are named nowhere: `999999999999`, `888888888888`, then downwards. */
const ACCOUNTS = (index: number): string =>
  index < 9 ? String(9 - index).repeat(12) : String(999_999_999_999 - index).padStart(12, '0');
const NAMES = (index: number): string => (index === 0 ? 'x' : `x${index}`);
const ORGANIZATIONS = (index: number): string => `o-outsider${String(index).padStart(2, '0')}`;

function firstUnused(candidate: (index: number) => string, isUsed: (text: string) => boolean): string {
  let index = 0;
  while (isUsed(candidate(index))) index += 1;
  return candidate(index);
}
