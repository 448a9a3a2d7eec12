import type { Permission } from '../../aws/permissions/permission.ts';
import type { WatchedCall } from '../../aws/watchedAccess.ts';
import { type Denied, deniedAttempt } from './denied.ts';

/** What came of one call, wherever it was tried. */
export interface Tried {
  readonly permission: Permission;
  /** The gravest of them; `written`: it changes something, so that it is never tried. */
  readonly status: 'allowed' | 'denied' | 'failed' | 'not-tried' | 'written';
  readonly denied: readonly Denied[];
  readonly failed: readonly { readonly accountId: string; readonly region: string; readonly reason: string }[];
}

export function triedOf(permission: Permission, attempts: readonly WatchedCall[]): Tried {
  const own = attempts.filter(
    ({ call }) => call.service === permission.service && call.operation === permission.operation,
  );
  const denied = grouped(own.flatMap(deniedAttempt));
  const failed = own.flatMap(({ outcome, accountId, call }) =>
    outcome.status === 'failed' ? [{ accountId, region: call.region, reason: outcome.reason }] : [],
  );
  const status = permission.writes ? 'written' : statusOf(permission, own.length, denied.length, failed.length);
  return { permission, status, denied, failed };
}

function statusOf({ operation }: Permission, made: number, denied: number, failed: number): Tried['status'] {
  if (denied > 0) return 'denied';
  if (failed > 0) return 'failed';
  // Without an answer to this one there is no diagnosis.
  return made > 0 || operation === 'GetCallerIdentity' ? 'allowed' : 'not-tried';
}

/** One entry for all Regions in which AWS says the same. */
function grouped(all: readonly Denied[]): readonly Denied[] {
  const groups = new Map<string, Denied>();
  for (const one of all) {
    const id = `${one.accountId} ${one.reason}`;
    const known = groups.get(id);
    groups.set(id, known === undefined ? one : { ...known, regions: [...new Set([...known.regions, ...one.regions])] });
  }
  return [...groups.values()];
}
