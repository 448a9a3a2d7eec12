import { deniedBy } from '../../facts/deniedBy.ts';
import type { DeniedBy } from '../../trail/facts.ts';
import type { Failure } from './failure.ts';

/** An account, or one of its Regions, whose trails could not be listed. */
export interface UnreadPlace {
  readonly accountId: string;
  /** `null`: no Region of the account. */
  readonly region: string | null;
  /**
   * `denied`: a policy above the reader's own permissions closes it (a Region deny control); `disabled`: the account has
   * not opted in to the Region; `failed`: anything else, a missing permission among it.
   */
  readonly status: 'denied' | 'disabled' | 'failed';
  readonly deniedBy: DeniedBy['policy'] | null;
  readonly error: Failure;
}

/** Policies that close a place, whatever the reader is permitted. */
export const CLOSING = {
  scp: 'a service control policy',
  rcp: 'a resource control policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  endpoint: 'a VPC endpoint policy',
} as const;

/** The policy that closes a place, from AWS's own message; `null`: none does. */
export function closedBy(error: unknown): keyof typeof CLOSING | null {
  const cause = error instanceof Error ? error.cause : undefined;
  const policy = cause instanceof Error ? deniedBy(cause.message)?.policy : undefined;
  return policy === undefined || policy === 'identity' || policy === 'resource' ? null : policy;
}

/** A Region that an account has not opted in to takes none of its credentials. */
export const mayBeDisabled = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && NOT_OPTED_IN.has(error.cause.name);

const NOT_OPTED_IN: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'OptInRequired',
  'UnrecognizedClientException',
]);

/** "2 Regions denied by a service control policy, 1 failed; 1 account failed"; empty where all of them just failed. */
export function placesInWords(places: readonly UnreadPlace[]): string {
  if (places.every(({ status }) => status === 'failed')) return '';
  const isRegion = ({ region }: UnreadPlace): boolean => region !== null;
  const groups = [
    counted('Region', places.filter(isRegion)),
    counted(
      'account',
      places.filter((one) => !isRegion(one)),
    ),
  ];
  return groups.filter(Boolean).join('; ');
}

function counted(noun: string, places: readonly UnreadPlace[]): string {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(stateOf(place), (counts.get(stateOf(place)) ?? 0) + 1);
  const last = (state: string): number => Number(state === 'failed');
  return [...counts]
    .toSorted(([one], [other]) => last(one) - last(other))
    .map(([state, count], index) => `${count}${index === 0 ? ` ${noun}${count === 1 ? '' : 's'}` : ''} ${state}`)
    .join(', ');
}

function stateOf({ status, deniedBy: policy }: UnreadPlace): string {
  if (status === 'denied') return `denied by ${CLOSING[policy as keyof typeof CLOSING]}`;
  return status === 'disabled' ? 'not enabled' : 'failed';
}
