import type { Met } from './endpoint.ts';
import { kindOf } from './kinds.ts';
import type { Fault, Plan } from './plan.ts';

/** What the SDK gives one client for its retries. */
const QUOTA = 500;

/**
 * The plan as the quota of retries made it: a client that may have used it up asks no more, so that what its requests
 * met is as good as lasting.
 *
 * @param met what a run came to: each fault may have cost a retry
 */
export function withQuota(plan: Plan, met: readonly Met[]): Plan {
  const spent = new Map<string, number>();
  for (const { request, kind } of met) {
    const client = clientOf(request);
    spent.set(client, (spent.get(client) ?? 0) + (kind === null ? 0 : retryCost(kind)));
  }
  const lasts = (request: string): boolean => (spent.get(clientOf(request)) ?? 0) > QUOTA;
  return new Map(
    [...plan].map(([request, fault]) => [
      request,
      lasts(request) && retryCost(fault.kind) > 0 ? { ...fault, times: Number.POSITIVE_INFINITY } : fault,
    ]),
  );
}

/** The faults that were really met. */
export const faultsMet = (plan: Plan, met: readonly Met[]): readonly Fault[] =>
  met.flatMap(({ request, kind }) => (kind === null ? [] : (plan.get(request) ?? [])));

const retryCost = (kind: Parameters<typeof kindOf>[0]): number => kindOf(kind).retryCost ?? 0;

/** Service and account; buckets do not show theirs, so that all of them count together. */
const clientOf = (request: string): string => `${request.split(' ')[0]} ${/\d{12}/.exec(request)?.[0]}`;
