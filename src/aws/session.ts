import type { ErrorMember, RefusedRequest } from '../facts/members.ts';
import { DENIED_CODES, type OwnCode, unreadError } from '../facts/readings.ts';
import type { Unread } from '../trail/facts.ts';
import { TIME_IS_UP } from './deadline.ts';
import {
  type Call,
  DeadlineError,
  describeDenial,
  describeError,
  InfrastructureError,
  isDenied,
  type Refusal,
  refusalOf,
} from './errors.ts';
import { limited, REQUEST_LIMIT_MS, RequestLimitError } from './requestLimit.ts';

/** What a service said to one request. */
export type Answer<T> = { readonly ok: true; readonly output: T } | { readonly ok: false; readonly refusal: Refusal };

/** Keeps the credentials of a session usable. */
export interface Renewal {
  /** Which credentials sign now; tells one renewal from the next. */
  readonly current: () => unknown;
  /** Renews credentials that end soon. Called before each request. */
  refresh(): Promise<void>;
  /** Replaces credentials that a service refused as expired, unless that was done since. */
  replace(refused: unknown): Promise<void>;
}

/** The requests of one invocation: one principal, one deadline. */
export interface Session {
  /** The account whose credentials sign the requests. */
  readonly accountId: string;
  /** How to name the principal where AWS does not. */
  readonly caller: string;
  /**
   * Sends one request, with the SDK's retries; once more with new credentials where those of a role have expired.
   *
   * @throws InfrastructureError when no answer came, {@link DeadlineError} when the time is nearly up
   */
  ask<T>(call: Call, send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<Answer<T>>;
  /** `ask` and `outputOrThrow` in one. */
  demand<T>(call: Call, send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T>;
  /** The output; every refusal is an InfrastructureError, which names the permission where it was denied. */
  outputOrThrow<T>(call: Call, answer: Answer<T>): T;
  /** What stands in the place of a denied read, and of one with any of `answers`; any other refusal is an InfrastructureError. */
  errorMember(call: Call, refusal: Refusal, answers?: ReadonlySet<string>): ErrorMember;
  /** What was not asked for, or is not told, in words of ours. */
  notRead(call: Call, code: OwnCode, message: string): ErrorMember;
  /** `errorMember` as an unread value. */
  unreadOrThrow(call: Call, refusal: Refusal): Unread;
}

const NO_CODES: ReadonlySet<string> = new Set();

/** Answers to credentials that are valid no more (STS and service API references, common errors). */
const EXPIRED_CODES: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'RequestExpired',
  'UnrecognizedClientException',
]);

/**
 * S3 answers a HEAD request without a body: of expired credentials only the status 400 is left. With the bucket's Region
 * in its header the answer is one all the same.
 */
const mayHaveExpired = ({ code, httpStatus, headers }: Refusal): boolean =>
  EXPIRED_CODES.has(code) || (code === 'Unknown' && httpStatus === 400 && !headers['x-amz-bucket-region']);

/**
 * @param renewal for the credentials of a role; Lambda renews those of the function itself
 * @param limit what one request may take, in milliseconds
 */
export function startSession(
  accountId: string,
  caller: string,
  signal: AbortSignal,
  renewal: Renewal | null = null,
  limit = REQUEST_LIMIT_MS,
): Session {
  const attempt: Session['ask'] = async (call, send) => {
    try {
      return { ok: true, output: await limited(signal, limit, (abortSignal) => send({ abortSignal })) };
    } catch (error) {
      if (signal.aborted) {
        throw new DeadlineError(call, `${TIME_IS_UP}, so it was stopped`, error);
      }
      if (error instanceof RequestLimitError) throw new InfrastructureError(call, error.message, error);
      // An answer that was looked at while it was read, and was half a one.
      if (error instanceof InfrastructureError) throw error;
      const refusal = refusalOf(error);
      if (refusal === null) throw new InfrastructureError(call, describeError(error), error);
      return { ok: false, refusal };
    }
  };

  const requestOf = ({ permission, subject }: Call): RefusedRequest => ({
    Principal: caller,
    AccountId: accountId,
    Action: permission,
    Resource: subject,
  });

  const session: Session = {
    accountId,
    caller,
    async ask(call, send) {
      if (renewal === null) return attempt(call, send);
      await renewal.refresh();
      const credentials = renewal.current();
      const answer = await attempt(call, send);
      if (answer.ok || !mayHaveExpired(answer.refusal)) return answer;
      await renewal.replace(credentials);
      return attempt(call, send);
    },
    async demand(call, send) {
      return session.outputOrThrow(call, await session.ask(call, send));
    },
    outputOrThrow(call, answer) {
      if (answer.ok) return answer.output;
      const { refusal } = answer;
      const what = isDenied(refusal) ? describeDenial(call, refusal, caller) : describeError(refusal.error);
      throw new InfrastructureError(call, what, refusal.error);
    },
    errorMember(call, refusal, answers = NO_CODES) {
      const { code, message, error } = refusal;
      if (answers.has(code)) return { Error: { Code: code, Message: message, Request: requestOf(call) } };
      if (!isDenied(refusal)) throw new InfrastructureError(call, describeError(error), error);
      // S3 answers a HEAD request without a body, so without its code.
      const Code = DENIED_CODES.has(code) ? code : 'AccessDenied';
      return { Error: { Code, Message: message, Request: requestOf(call) } };
    },
    notRead: (call, Code, Message) => ({ Error: { Code, Message, Request: requestOf(call) } }),
    unreadOrThrow: (call, refusal) => unreadError(session.errorMember(call, refusal).Error, call.permission),
  };
  return session;
}

/**
 * Every item of a paginated answer.
 *
 * @param page fetches the page of a token (`undefined`: the first)
 * @throws InfrastructureError when the service hands out the same token twice, which would never end
 */
export async function collectPages<T>(
  call: Call,
  page: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const answer = await page(token);
    items.push(...answer.items);
    token = answer.next || undefined;
    if (token !== undefined && seen.has(token)) throw new InfrastructureError(call, 'the service repeats a page');
    seen.add(token ?? '');
  } while (token !== undefined);
  return items;
}
