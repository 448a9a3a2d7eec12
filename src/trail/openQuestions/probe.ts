import type { ChangeEvent } from '../changes.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import type { KeyEvent } from '../keyUse.ts';
import { kindOfPath } from '../logPaths.ts';

/** CloudTrail tries the key while the call is at work. */
export const PROBE_WINDOW_MS = { before: 2_000, after: 15_000 } as const;

/** Which answer a call of CreateTrail or UpdateTrail gives, by CloudTrail's request that came with it; `null`: none. */
export function probeAnswer(trail: TrailFacts, change: ChangeEvent, events: readonly KeyEvent[]): ProbeAnswer | null {
  const start = change.at.getTime();
  const near = events.filter(
    ({ name, invokedBy, at, encryptionContext }) =>
      name === 'GenerateDataKey' &&
      invokedBy === CLOUDTRAIL &&
      encryptionContext['aws:cloudtrail:arn'] === trail.arn &&
      at.getTime() >= start - PROBE_WINDOW_MS.before &&
      at.getTime() <= start + PROBE_WINDOW_MS.after,
  );
  const kinds = near.map((event) => ({ event, kind: kindOfPath(trail, event.encryptionContext['aws:s3:arn'] ?? '') }));
  const folder = kinds.find(({ kind }) => kind === 'probe');
  if (folder !== undefined) return { answer: 'folder', event: folder.event };
  // A trail that is there already may deliver a file at the same time.
  const file = change.name === 'CreateTrail' ? kinds.find(({ kind }) => kind !== null) : undefined;
  return file === undefined ? null : { answer: 'file', event: file.event };
}

interface ProbeAnswer {
  readonly answer: 'folder' | 'file';
  readonly event: KeyEvent;
}
