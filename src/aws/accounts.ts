import { InvalidInvocationError, InvalidParameterError } from '../rule/errors.ts';
import type { Access, Home } from './access.ts';
import { callOf, InfrastructureError } from './errors.ts';
import type { ExpectedAccounts } from './expectedAccounts.ts';
import { memoize, once } from './memo.ts';
import type { Refused } from './roles.ts';

/** How the function gets from its own account into others. */
export interface Reach {
  readonly home: Home;
  /** The role in the rule's account, and in the account of a trail that belongs to neither. */
  readonly memberRoleName: string | null;
  /** The role in the key's account. */
  readonly keyReaderRoleName: string | null;
  /** Handed to AssumeRole (IAM User Guide, "How to use an external ID"); `null`: none. */
  readonly externalId: string | null;
  readonly expected: ExpectedAccounts;
}

/** What signs the requests that are about one account, or why nothing does. */
export type Entry = { readonly access: Access } | { readonly closed: string };

/** The accounts of one invocation. Roles are assumed when they are first needed. */
export interface Accounts {
  /** The function's own account. */
  readonly home: Access;
  /**
   * The rule's account.
   *
   * @throws InvalidInvocationError before any call when the account is not expected; InvalidParameterError when
   * `memberRoleName` is missing; InfrastructureError when its role cannot be assumed: nothing can be reported then
   */
  rule(): Promise<Access>;
  /** An account through `memberRoleName`: that of a trail. */
  member(accountId: string): Promise<Entry>;
  /**
   * The account of a key through `keyReaderRoleName`.
   *
   * @param partition the key's
   */
  keyReader(accountId: string, partition: string): Promise<Entry>;
  /** An account through whichever of the two roles opens it. */
  any(accountId: string, partition: string): Promise<Entry>;
  /** The ARN of the role that would read keys in an account; without `keyReaderRoleName` its name is left open. */
  keyReaderArn(accountId: string, partition: string): string;
}

/**
 * @param home the function's own access
 * @param ruleAccount the account of the event
 */
export function accountsOf(home: Access, ruleAccount: string, reach: Reach, signal: AbortSignal): Accounts {
  const place = reach.home;
  const { memberRoleName, keyReaderRoleName } = reach;
  const unexpected = once(async () =>
    (await import('./organizations.ts')).unexpectedReason(home, place, reach.expected),
  );
  const assume = once(async () => (await import('./roles.ts')).roleAssumer(home, place, reach.externalId, signal));
  const through = async (accountId: string, name: string): Promise<Access | Refused> =>
    (await assume())(arnOf(place.partition, accountId, name));

  const enterRule = once(async (): Promise<Access> => {
    if (ruleAccount === place.accountId) return home;
    const why = isRestricted(reach.expected) ? await (await unexpected())(ruleAccount) : null;
    if (why !== null) throw new InvalidInvocationError('accountId', `is \`${ruleAccount}\`, which is refused: ${why}`);
    if (memberRoleName === null) {
      throw new InvalidParameterError(
        'memberRoleName',
        `is missing, but the rule belongs to account ${ruleAccount} and the function to account ${place.accountId}`,
      );
    }
    const entered = await through(ruleAccount, memberRoleName);
    if ('refused' in entered) {
      const role = arnOf(place.partition, ruleAccount, memberRoleName);
      throw new InfrastructureError(callOf('STS', 'AssumeRole', role, place.region), entered.refused);
    }
    return entered;
  });

  // Whoever may name any trail in an event could otherwise read about somebody else's key through the function.
  const unbounded = (accountId: string): string | null =>
    isRestricted(reach.expected) || ruleAccount === place.accountId || accountId === ruleAccount
      ? null
      : 'for rules of other accounts that takes EXPECTED_ACCOUNTS or EXPECTED_ORGANIZATION, and neither is set';

  const enter = async (accountId: string, name: string, role: string): Promise<Entry> => {
    const why = isRestricted(reach.expected) ? await (await unexpected())(accountId) : unbounded(accountId);
    if (why !== null) return { closed: `no role is assumed there: ${why}` };
    const entered = await through(accountId, name);
    if ('refused' in entered) return { closed: `${role}: ${entered.refused}` };
    return { access: entered };
  };

  // The rule's account comes first everywhere: an event of one that is not expected is refused before any call.
  const member = memoize(async (accountId): Promise<Entry> => {
    const rule = await enterRule();
    if (accountId === ruleAccount) return { access: rule };
    if (accountId === place.accountId) return { access: home };
    if (memberRoleName === null) return { closed: '`memberRoleName` is not set' };
    return enter(accountId, memberRoleName, '`memberRoleName`');
  });

  const keyReader = async (accountId: string, partition: string): Promise<Entry> => {
    const rule = await enterRule();
    const why = unbounded(accountId);
    if (why !== null) return { closed: `no key is read there: ${why}` };
    if (accountId === place.accountId) return { access: home };
    if (keyReaderRoleName === null) {
      return accountId === ruleAccount ? { access: rule } : { closed: '`keyReaderRoleName` is not set' };
    }
    if (partition !== place.partition) {
      return { closed: `a function in partition ${place.partition} cannot assume a role in ${partition}` };
    }
    const entry = await enter(accountId, keyReaderRoleName, '`keyReaderRoleName`');
    return 'closed' in entry && accountId === ruleAccount ? { access: rule } : entry;
  };

  return {
    home,
    rule: enterRule,
    member,
    keyReader,
    async any(accountId, partition) {
      const entry = accountId === ruleAccount ? null : await keyReader(accountId, partition);
      return entry !== null && 'access' in entry ? entry : member(accountId);
    },
    keyReaderArn: (accountId, partition) => arnOf(partition, accountId, keyReaderRoleName ?? 'ROLE_NAME'),
  };
}

/** Without a list the function's resource policy alone says whose events it takes. */
export const isRestricted = ({ accounts, organizationId }: ExpectedAccounts): boolean =>
  accounts.length > 0 || organizationId !== null;

/** `/audit/reader` and `audit/reader` name one role: the path is part of the ARN (IAM User Guide, "IAM identifiers"). */
const arnOf = (partition: string, accountId: string, name: string): string =>
  `arn:${partition}:iam::${accountId}:role/${name.replace(/^\//, '')}`;
