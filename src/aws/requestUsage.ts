import { aroundAttempts } from './middleware.ts';

/** What the requests of one invocation came to, every attempt of a request counted. */
export interface RequestUsage {
  readonly requests: number;
  readonly throttled: number;
  /** Mean and longest time until an answer, in whole milliseconds; 0 without a request. */
  readonly meanMilliseconds: number;
  readonly slowestMilliseconds: number;
}

/** Counts requests. One for the life of Lambda's execution environment, which serves one invocation at a time. */
export interface UsageMeter {
  /** One attempt that has ended. */
  record(milliseconds: number, error?: unknown): void;
  /** What was counted since the last reset. */
  used(): RequestUsage;
  reset(): void;
}

export function usageMeter(): UsageMeter {
  let requests = 0;
  let throttled = 0;
  let total = 0;
  let slowest = 0;
  return {
    record(milliseconds, error) {
      requests += 1;
      total += milliseconds;
      slowest = Math.max(slowest, milliseconds);
      if (isThrottling(error)) throttled += 1;
    },
    used: () => ({
      requests,
      throttled,
      meanMilliseconds: requests === 0 ? 0 : Math.round(total / requests),
      slowestMilliseconds: Math.round(slowest),
    }),
    reset() {
      requests = throttled = total = slowest = 0;
    },
  };
}

/** As the SDK's own retries tell it: by the code, or by the status of an answer without one. */
function isThrottling(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return /throttl|toomanyrequests|requestlimitexceeded|slowdown/i.test(error.name) || $metadata?.httpStatusCode === 429;
}

/** Has every attempt of an SDK client's requests recorded. */
export function watchRequests(client: unknown, { record }: Pick<UsageMeter, 'record'>): void {
  aroundAttempts(client, async (attempt) => {
    const start = performance.now();
    try {
      const answer = await attempt();
      record(performance.now() - start);
      return answer;
    } catch (error) {
      record(performance.now() - start, error);
      throw error;
    }
  });
}
