import { CLOUDTRAIL } from '../cloudTrail.ts';
import type { KeyFacts, TrailFacts } from '../facts.ts';
import { lastChange, outcomeOf } from '../keyEventEvidence.ts';
import type { KeyEvent } from '../keyUse.ts';
import { folderOf } from '../logPaths.ts';

/** A trail with its key, and CloudTrail's own calls of it, none of the latest left out. */
export interface WatchedKey {
  readonly trail: TrailFacts;
  readonly key: KeyFacts;
  readonly events: readonly KeyEvent[];
}

/** A request that CloudTrail made for a trail, as the key's policy of today answered it. */
export interface Observation {
  /** False: the request does not tell for which trail it was made. */
  readonly forTrail: boolean;
  readonly trail: TrailFacts;
  readonly key: KeyFacts;
  readonly event: KeyEvent;
  readonly outcome: 'allowed' | 'denied';
}

const OPERATIONS: ReadonlySet<string> = new Set(['GenerateDataKey', 'Decrypt', 'DescribeKey']);

/** A change of a key may take so long to be in force everywhere (AWS KMS Developer Guide, Eventual consistency; generously). */
const IN_FORCE_MS = 600_000;

/** What can be evaluated: of the requests that differ in nothing but their file the latest one. */
export function observationsOf({ trail, key, events }: WatchedKey): readonly Observation[] {
  const from = lastChange(events, trail, key) + IN_FORCE_MS;
  const latest = new Map<string, Observation>();
  for (const event of events) {
    const { name, invokedBy, keyArns, encryptionContext: context } = event;
    if (!OPERATIONS.has(name) || invokedBy !== CLOUDTRAIL || key.arn === null || !keyArns.includes(key.arn)) continue;
    const outcome = outcomeOf(event);
    if (outcome === 'failed' || event.at.getTime() < from) continue;
    const forTrail = name !== 'DescribeKey';
    if (forTrail && context['aws:cloudtrail:arn'] !== trail.arn) continue;
    const id = `${name} ${outcome} ${folderOf(context['aws:s3:arn'] ?? '')}`;
    const known = latest.get(id);
    if (known === undefined || known.event.at < event.at) latest.set(id, { forTrail, trail, key, event, outcome });
  }
  return [...latest.values()];
}
