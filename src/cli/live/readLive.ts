import { setMaxListeners } from 'node:events';
import type { Access } from '../../aws/access.ts';
import { type Io, warn } from '../io.ts';
import { findCaller, startingRegion } from './caller.ts';
import { type Collected, collect } from './collect.ts';
import { counted } from './list.ts';
import { progressOn } from './progress.ts';
import { type AccountAccess, reachOf } from './reach.ts';
import type { LiveRequest } from './request.ts';

/**
 * Reads live accounts with the credentials that the SDK finds, and says on standard error how far it is.
 *
 * @throws BadInput; CouldNotFinish without credentials; InfrastructureError when there is no list of accounts
 */
export async function readLive(request: LiveRequest, io: Io, quiet: boolean): Promise<Collected> {
  return readThrough(await findReach(request, io), request, io, quiet);
}

/**
 * Whose credentials read, and from where.
 *
 * @param watch sees every request that is made through the reach, but for the one that finds the caller
 * @throws BadInput without a Region; CouldNotFinish without credentials
 */
export async function findReach(
  request: LiveRequest,
  io: Io,
  watch = (access: Access): Access => access,
): Promise<AccountAccess> {
  // Nothing but the person at the terminal ends a scan, and that ends the process.
  const { signal } = new AbortController();
  // Each request listens: on Node 20 more than ten at a time would look like a leak.
  setMaxListeners(0, signal);
  const start = request.regions !== null && request.regions !== 'all' ? request.regions[0] : undefined;
  const region = await startingRegion(request.profile, io.env).catch((error: unknown) => {
    if (start === undefined || request.aggregator !== null) throw error;
    return start;
  });
  const { own, home } = await findCaller(request.profile, region, signal);
  return reachOf(own, home, request.roleName, signal, watch);
}

/** `readLive` through a reach that is known already. */
export async function readThrough(
  reach: AccountAccess,
  request: LiveRequest,
  io: Io,
  quiet: boolean,
): Promise<Collected> {
  const progress = progressOn(io, quiet);
  try {
    const collected = await collect(request, reach, progress, io.now());
    progress.end();
    if (collected.isWhole && collected.document.trails.length === 0 && !quiet)
      warn(io, `${nothingFound(request, reach.home.region)}${seenThere(collected.replicas)}`);
    return collected;
  } finally {
    progress.end();
  }
}

const seenThere = (replicas: number): string =>
  replicas === 0
    ? ''
    : `; ${counted(replicas, 'replica')} of trails that live elsewhere ${replicas === 1 ? 'is' : 'are'} shown there`;

function nothingFound({ regions, aggregator }: LiveRequest, region: string): string {
  if (aggregator !== null) return `the aggregator \`${aggregator}\` knows no such trail`;
  if (regions === 'all') return 'no trail lives in any enabled Region';
  const places = (regions ?? [region]).join(', ');
  return `no trail lives in ${places}; a trail is read in its home Region, and --all-regions reads every Region`;
}
