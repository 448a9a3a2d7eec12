import type { Access, Home } from '../../aws/access.ts';
import { memoize } from '../../aws/memo.ts';
import type { KeyAccess } from '../../aws/read/key.ts';
import { roleAssumer } from '../../aws/roles.ts';
import type { KeyReference } from '../../facts/keyReference.ts';

/** What signs the requests about one account, or why nothing does. */
export type AccountEntry = { readonly access: Access } | { readonly closed: string };

/** The accounts that the caller can read. */
export interface AccountAccess {
  /** Where the caller is: its account, partition and Region. */
  readonly home: Home;
  /** The caller's own credentials. */
  readonly own: Access;
  /** The caller's own account needs no role; every other one is entered once. */
  enter(accountId: string): Promise<AccountEntry>;
  /** Whoever may use a role that somebody named. */
  as(roleArn: string): Promise<AccountEntry>;
  /** The role that would read in an account; where none was named its name is left open. */
  readerArn(accountId: string): string;
}

/**
 * @param roleName the role that every other account has, with its path; `null`: none, so that they stay closed
 * @param watch sees every request
 */
export function reachOf(
  credentials: Access,
  home: Home,
  roleName: string | null,
  signal: AbortSignal,
  watch = (access: Access): Access => access,
): AccountAccess {
  const own = watch(credentials);
  const assume = roleAssumer(own, home, null, signal);
  const name = (roleName ?? 'ROLE_NAME').replace(/^\//, '');
  const readerArn = (accountId: string): string => `arn:${home.partition}:iam::${accountId}:role/${name}`;
  const as = async (roleArn: string): Promise<AccountEntry> => {
    const entered = await assume(roleArn);
    return 'refused' in entered ? { closed: entered.refused } : { access: watch(entered) };
  };
  const enter = memoize(async (accountId): Promise<AccountEntry> => {
    if (accountId === home.accountId) return { access: own };
    if (roleName === null) return { closed: `it takes \`--role-name\`, a role in account ${accountId}` };
    return as(readerArn(accountId));
  });
  return { home, own, enter, as, readerArn };
}

/** What signs requests about an account: its own access, or else `fallback`, with the reason. */
export async function accessIn(
  { enter }: AccountAccess,
  accountId: string,
  fallback: Access,
): Promise<{ readonly access: Access; readonly closed: string | null }> {
  const entry = await enter(accountId);
  return 'access' in entry ? { access: entry.access, closed: null } : { access: fallback, closed: entry.closed };
}

/** What signs requests about a key: KMS shows a part of it to other accounts too. */
export async function keyAccess(
  reach: AccountAccess,
  { accountId }: KeyReference,
  fallback: Access,
): Promise<KeyAccess> {
  const { access, closed } = await accessIn(reach, accountId, fallback);
  return { ...access, closed, readerArn: reach.readerArn(accountId) };
}
