import type { StandardRetryStrategy } from '@smithy/core/retry';
import { pauseThrottled } from './requestLimit.ts';

/** What the SDK asks whether a request is tried again. */
export interface RetryStrategy
  extends Pick<StandardRetryStrategy, 'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'> {
  /** As the SDK's user agent names it. */
  readonly mode: 'standard';
}

/**
 * What may go wrong on this machine or on the way before an answer comes, and pass. The SDK itself knows ECONNREFUSED,
 * ECONNRESET (a connection that hangs up), EPIPE, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENOTFOUND and EAI_AGAIN.
 */
const LOCAL_TROUBLE: ReadonlySet<unknown> = new Set([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EAI_FAIL',
  'EAI_MEMORY',
  'EAI_SYSTEM',
  'ECONNABORTED',
  'EHOSTDOWN',
  'EMFILE',
  'ENETDOWN',
  'ENETRESET',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ENOTCONN',
]);

/**
 * The SDK's standard retries for one client, with local trouble among what is tried again.
 *
 * The SDK gives each client a quota of retries that fills up with successes alone: what one invocation used up, the next
 * ones would lack.
 *
 * @param invocation tells one invocation from the next; each begins with a full quota
 * @param whenThrottled attempts where the service says that it is asked too often; where they are more than the others, the pauses
 *   before them do not count as the request's time
 */
export function standardRetries(
  maxAttempts: number,
  invocation: () => number,
  whenThrottled = maxAttempts,
): RetryStrategy {
  let counted: { readonly invocation: number; readonly strategy: Promise<StandardRetryStrategy> } | null = null;
  const current = (): Promise<StandardRetryStrategy> => {
    if (counted?.invocation !== invocation()) counted = { invocation: invocation(), strategy: fresh(whenThrottled) };
    return counted.strategy;
  };
  return {
    mode: 'standard',
    acquireInitialRetryToken: async (scope) => (await current()).acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry: async (token, failure) => {
      const attempts = token.getRetryCount() + 1;
      if (failure.errorType === 'THROTTLING' && whenThrottled > maxAttempts) pauseThrottled();
      // What is thrown here is dropped: the SDK throws the failure itself.
      if (failure.errorType !== 'THROTTLING' && attempts >= maxAttempts) throw new Error('no attempt is left');
      return (await current()).refreshRetryTokenForRetry(
        token,
        isLocalTrouble(failure.error) ? { ...failure, errorType: 'TRANSIENT' } : failure,
      );
    },
    recordSuccess: (token) => void current().then((strategy) => strategy.recordSuccess(token)),
  };
}

async function fresh(maxAttempts: number): Promise<StandardRetryStrategy> {
  const { StandardRetryStrategy } = await import('./firstRequest.ts');
  return new StandardRetryStrategy({ maxAttempts });
}

/** Causes that are looked through; an error may be its own. */
const DEEPEST_CAUSE = 10;

function isLocalTrouble(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > DEEPEST_CAUSE) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return LOCAL_TROUBLE.has(code) || isLocalTrouble(cause, depth + 1);
}
