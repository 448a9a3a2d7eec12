import type { Access } from './access.ts';
import { type Call, InfrastructureError, isDenied, type Refusal } from './errors.ts';
import type { Session } from './session.ts';

/** What became of one request; of a call that is told twice the later word counts. */
export interface WatchedCall {
  readonly call: Call;
  /** Whose credentials signed it. */
  readonly accountId: string;
  readonly caller: string;
  readonly outcome:
    | { readonly status: 'answered' }
    | { readonly status: 'denied'; readonly refusal: Refusal }
    | { readonly status: 'failed'; readonly reason: string };
}

/** The same access; what became of each request is told. */
export function watchedAccess({ session, clients }: Access, tell: (attempt: WatchedCall) => void): Access {
  const { accountId, caller } = session;
  const told = (call: Call, outcome: WatchedCall['outcome']): void => tell({ call, accountId, caller, outcome });
  const failed = (call: Call, error: unknown): never => {
    if (error instanceof InfrastructureError) told(call, { status: 'failed', reason: error.message });
    throw error;
  };
  const ask: Session['ask'] = async (call, send) => {
    const answer = await session.ask(call, send).catch((error) => failed(call, error));
    told(call, answer.ok || !isClosed(answer.refusal) ? ANSWERED : { status: 'denied', refusal: answer.refusal });
    return answer;
  };
  const outputOrThrow: Session['outputOrThrow'] = (call, answer) => {
    try {
      return session.outputOrThrow(call, answer);
    } catch (error) {
      if (!answer.ok && isDenied(answer.refusal)) throw error;
      return failed(call, error);
    }
  };
  return {
    clients,
    session: {
      ...session,
      ask,
      outputOrThrow,
      demand: async (call, send) => outputOrThrow(call, await ask(call, send)),
      errorMember(call, refusal, answers) {
        try {
          return session.errorMember(call, refusal, answers);
        } catch (error) {
          return failed(call, error);
        }
      },
    },
  };
}

const ANSWERED = { status: 'answered' } as const;

/** S3 names the Region of a bucket also where it denies the rest (Amazon S3 API Reference, HeadBucket). */
const isClosed = (refusal: Refusal): boolean =>
  isDenied(refusal) && refusal.headers['x-amz-bucket-region'] === undefined;
