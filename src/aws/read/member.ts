import { type ErrorMember, isErrorMember, type Member } from '../../facts/members.ts';
import { isError } from '../../facts/readings.ts';
import type { Access } from '../access.ts';
import type { Call } from '../errors.ts';
import { collectPages } from '../session.ts';

/**
 * One read as a member: what `pick` takes of the answer, or the error of a read that was denied or refused with a code
 * among `answers`.
 *
 * @throws InfrastructureError on anything else that is no answer: throttling, timeouts, expired credentials
 */
export async function readMember<T, U>(
  { session }: Access,
  call: Call,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  pick: (output: T) => U,
  answers?: ReadonlySet<string>,
): Promise<Member<U>> {
  const answer = await session.ask(call, send);
  return answer.ok ? pick(answer.output) : session.errorMember(call, answer.refusal, answers);
}

/**
 * Codes of a service that is asked too often (KMS and Amazon S3 API References, errors), which come after the SDK's last
 * attempt.
 */
const THROTTLED: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** The answers of a read of which no verdict comes: throttling is one more, where it may stay unread. */
export const answersOf = (answers: ReadonlySet<string>, throttledIsUnread: boolean): ReadonlySet<string> =>
  throttledIsUnread ? new Set([...answers, ...THROTTLED]) : answers;

export const isThrottled = (member: unknown): boolean => isErrorMember(member) && isError(member.Error, ...THROTTLED);

/** The same, for every page of a list: the items, or why one of the pages was refused. */
export async function readPages<T>(
  access: Access,
  call: Call,
  send: (options: { abortSignal: AbortSignal }, token: string | undefined) => Promise<Page<T>>,
  answers?: ReadonlySet<string>,
): Promise<Member<readonly T[]>> {
  let refused: ErrorMember | null = null;
  const items = await collectPages<T>(call, async (token) => {
    const page = await readMember(
      access,
      call,
      (options) => send(options, token),
      (output) => output,
      answers,
    );
    if (!isErrorMember(page)) return page;
    refused = page;
    return { items: [], next: undefined };
  });
  return refused ?? items;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}
