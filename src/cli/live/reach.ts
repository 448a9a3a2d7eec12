import type { Access, Home } from '../../aws/access.ts';
import type { Call } from '../../aws/errors.ts';
import { memoize } from '../../aws/memo.ts';
import { roleAssumer } from '../../aws/roles.ts';
import type { Answer } from '../../aws/session.ts';
import { type Member, refused, type Unreadable } from './document.ts';

/** What signs the requests about one account, or why nothing does. */
export type Entry = { readonly access: Access } | { readonly closed: string };

/** The accounts that the caller can read. */
export interface Reach {
  /** Where the caller is: its account, partition and Region. */
  readonly home: Home;
  /** The caller's own credentials. */
  readonly own: Access;
  /** The caller's own account needs no role; every other one is entered once. */
  enter(accountId: string): Promise<Entry>;
}

/** @param roleName the role that every other account has, with its path; `null`: none, so that they stay closed */
export function reachOf(own: Access, home: Home, roleName: string | null, signal: AbortSignal): Reach {
  const assume = roleAssumer(own, home, null, signal);
  const enter = memoize(async (accountId): Promise<Entry> => {
    if (accountId === home.accountId) return { access: own };
    if (roleName === null) return { closed: `it takes \`--role-name\`, a role in account ${accountId}` };
    const entered = await assume(`arn:${home.partition}:iam::${accountId}:role/${roleName.replace(/^\//, '')}`);
    return 'refused' in entered ? { closed: entered.refused } : { access: entered };
  });
  return { home, own, enter };
}

type Send<T> = (options: { abortSignal: AbortSignal }) => Promise<T>;

const NO_CODES: ReadonlySet<string> = new Set();

/**
 * One read as a member of the snapshot. A denied read stands as its error, and so does every refusal whose code is among
 * `answers`.
 *
 * @throws InfrastructureError on anything else that is no answer: throttling, timeouts, expired credentials
 */
export async function readMember<T, U>(
  { session }: Access,
  call: Call,
  send: Send<T>,
  pick: (output: T) => Member<U>,
  answers: ReadonlySet<string> = NO_CODES,
): Promise<Member<U>> {
  const answer = await session.ask(call, send);
  return answer.ok ? pick(answer.output) : refusedMember(session, call, answer, answers);
}

/** @throws InfrastructureError unless the read was denied or answered with one of `answers` */
export function refusedMember(
  session: Access['session'],
  call: Call,
  { refusal }: Extract<Answer<unknown>, { readonly ok: false }>,
  answers: ReadonlySet<string> = NO_CODES,
): Unreadable {
  if (answers.has(refusal.code)) return refused(refusal, refusal.message);
  return refused(refusal, session.unreadOrThrow(call, refusal).reason);
}
