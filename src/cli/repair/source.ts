import { trailIdentity } from '../../trail/arn.ts';
import { distinct } from '../../trail/policyNames.ts';
import { BadInput } from '../errors.ts';
import type { Io } from '../io.ts';
import type { SnapshotDocument } from '../live/document.ts';
import type { AccountAccess } from '../live/reach.ts';
import { type LiveOptions, liveRequest } from '../live/request.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { readSnapshot } from '../snapshot/read.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { jsonText } from '../tooLong.ts';

export interface SourceOptions extends LiveOptions {
  readonly snapshot?: string;
  readonly trail?: readonly string[];
  readonly key?: string;
  readonly quiet: boolean;
}

/** What plans are made from: a file, or live accounts, which can then be changed. */
export interface RepairSource {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly live: {
    readonly reach: AccountAccess;
    readonly document: SnapshotDocument;
    readonly isWhole: boolean;
  } | null;
}

/** @throws BadInput where a snapshot is named together with how to read live accounts */
export async function readSource(options: SourceOptions, io: Io): Promise<RepairSource> {
  const { snapshot: file } = options;
  if (file === undefined) return readLiveSource(options, io);
  const needless = LIVE_OPTIONS.find(([name]) => options[name] !== undefined);
  if (needless !== undefined)
    throw new BadInput(`\`${needless[1]}\` is for live accounts, and \`--snapshot\` names a file`);
  const name = `snapshot \`${file}\``;
  return { name, snapshot: await readSnapshot(io, file), live: null };
}

const LIVE_OPTIONS: readonly (readonly [keyof LiveOptions, string])[] = [
  ['profile', '--profile'],
  ['regions', '--regions'],
  ['allRegions', '--all-regions'],
  ['accounts', '--accounts'],
  ['organization', '--organization'],
  ['roleName', '--role-name'],
  ['aggregator', '--aggregator'],
];

async function readLiveSource(options: SourceOptions, io: Io): Promise<RepairSource> {
  const request = liveRequest(forTrail(options));
  // The SDK is loaded by the commands that need it alone.
  const { findReach, readThrough } = await import('../live/readLive.ts');
  const reach = await findReach(request, io);
  const { document: read, isWhole } = await readThrough(reach, request, io, options.quiet);
  const { withKey } = await import('./applyReread.ts');
  const document = options.key === undefined ? read : await withKey(read, options.key, reach);
  const snapshot = parseSnapshot(jsonText(document), 'of the live accounts');
  return { name: 'live', snapshot, live: { reach, document, isWhole } };
}

/** The ARNs of trails say where they live, so nothing else need say it. */
function forTrail(options: SourceOptions): LiveOptions {
  const { trail = [], regions, allRegions, accounts, organization, aggregator, roleName } = options;
  const identities = trail.map((arn) => {
    const identity = trailIdentity(arn);
    if (identity === null) throw new BadInput(`\`--trail\` is \`${arn}\`, accepted is the ARN of a trail`);
    return identity;
  });
  if (identities.length === 0 || aggregator !== undefined) return options;
  const isPlaced = regions !== undefined || allRegions === true;
  const isEntered = accounts !== undefined || organization === true || roleName === undefined;
  return {
    ...options,
    ...(isPlaced ? {} : { regions: distinct(identities.map(({ homeRegion }) => homeRegion)).join() }),
    ...(isEntered ? {} : { accounts: distinct(identities.map(({ accountId }) => accountId)).join() }),
  };
}
