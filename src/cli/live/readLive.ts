import { type Io, warn } from '../io.ts';
import { findCaller, startingRegion } from './caller.ts';
import { type Collected, collect } from './collect.ts';
import { progressOn } from './progress.ts';
import { reachOf } from './reach.ts';
import type { LiveRequest } from './request.ts';

/**
 * Reads live accounts with the credentials that the SDK finds, and says on standard error how far it is.
 *
 * @throws BadInput; CouldNotFinish without credentials; InfrastructureError when there is no list of accounts
 */
export async function readLive(request: LiveRequest, io: Io, quiet: boolean): Promise<Collected> {
  const progress = progressOn(io, quiet);
  // Nothing but the person at the terminal ends a scan, and that ends the process.
  const { signal } = new AbortController();
  try {
    const start = request.regions !== null && request.regions !== 'all' ? request.regions[0] : undefined;
    const region = await startingRegion(request.profile, io.env).catch((error: unknown) => {
      if (start === undefined || request.aggregator !== null) throw error;
      return start;
    });
    const { own, home } = await findCaller(request.profile, region, signal);
    const reach = reachOf(own, home, request.roleName, signal);
    const collected = await collect(request, reach, progress, io.now());
    progress.end();
    if (collected.isWhole && collected.document.trails.length === 0 && !quiet) warn(io, nothingFound(request, region));
    return collected;
  } finally {
    progress.end();
  }
}

function nothingFound({ regions, aggregator }: LiveRequest, region: string): string {
  if (aggregator !== null) return `the aggregator \`${aggregator}\` knows no such trail`;
  if (regions === 'all') return 'no trail lives in any enabled Region';
  const places = (regions ?? [region]).join(', ');
  return `no trail lives in ${places}; a trail is read in its home Region, and --all-regions reads every Region`;
}
