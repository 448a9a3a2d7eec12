import { type CheckResult, pass } from './checkResult.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { FileKind } from './logFiles.ts';
import { bucketArn, kindOfPath } from './logPaths.ts';

/** One call of a KMS key, as CloudTrail recorded it. */
export interface KeyEvent {
  readonly id: string;
  readonly at: Date;
  /** Such as `GenerateDataKey`. */
  readonly name: string;
  /** The service that made the call; `null`: none. */
  readonly invokedBy: string | null;
  readonly keyArns: readonly string[];
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** `null`: it succeeded. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What the latest event shows of one kind of file. */
export interface KeyEventEvidence {
  /** `null`: of some kind; with an S3 Bucket Key the path is the bucket's. */
  readonly kind: FileKind | 'probe' | null;
  /** `failed`: with an error that is no refusal. */
  readonly outcome: 'allowed' | 'denied' | 'failed';
  readonly event: KeyEvent;
}

/**
 * What events show of CloudTrail's requests for this trail: of each kind of file the latest one that is later than every
 * change that is known. That there is none proves nothing.
 */
export function keyEventEvidence(
  events: readonly KeyEvent[],
  trail: TrailFacts,
  key: KeyFacts,
): readonly KeyEventEvidence[] {
  const since = lastChange(trail, key);
  const latest = new Map<KeyEventEvidence['kind'], KeyEventEvidence>();
  for (const event of events) {
    const kind = kindOf(event, trail, key);
    if (kind === undefined || event.at.getTime() <= since) continue;
    const known = latest.get(kind);
    if (known === undefined || known.event.at < event.at) latest.set(kind, { kind, outcome: outcomeOf(event), event });
  }
  return [...latest.values()];
}

function lastChange(trail: TrailFacts, { metadata }: KeyFacts): number {
  const created = metadata.read ? metadata.value.creationDate : null;
  const changes = [trail.changes?.trail, trail.changes?.key, created];
  return Math.max(...changes.map((time) => time?.getTime() ?? Number.NEGATIVE_INFINITY));
}

/** `undefined`: the event is none of CloudTrail's for this trail, with this key. */
function kindOf(event: KeyEvent, trail: TrailFacts, key: KeyFacts): KeyEventEvidence['kind'] | undefined {
  const { name, invokedBy, encryptionContext, keyArns } = event;
  const path = encryptionContext['aws:s3:arn'];
  if (name !== 'GenerateDataKey' || invokedBy !== CLOUDTRAIL || path === undefined) return undefined;
  if (encryptionContext['aws:cloudtrail:arn'] !== trail.arn) return undefined;
  if (key.arn === null || !keyArns.includes(key.arn)) return undefined;
  return path === bucketArn(trail) ? null : (kindOfPath(trail, path) ?? undefined);
}

const DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

const outcomeOf = ({ error }: KeyEvent): KeyEventEvidence['outcome'] =>
  error === null ? 'allowed' : DENIED.has(error.code) ? 'denied' : 'failed';

/**
 * An unknown answer with what events show of it: a pass where they show every kind of file that is in doubt, the refusals
 * that they show otherwise. A definite answer stays as it is.
 */
export function settledByEvents(
  result: CheckResult,
  inDoubt: readonly FileKind[],
  evidence: readonly KeyEventEvidence[],
): CheckResult {
  if (result.status !== 'unknown') return result;
  const about = evidence.filter(({ kind }) => kind === null || inDoubt.some((doubtful) => doubtful === kind));
  const refused = about.filter(({ outcome }) => outcome === 'denied');
  if (refused.length > 0) return { ...result, message: `${result.message}; ${refused.map(refusalInWords).join('; ')}` };
  const shown = about.filter(({ kind, outcome }) => kind !== null && outcome === 'allowed');
  const isWhole = inDoubt.length > 0 && inDoubt.every((kind) => shown.some((one) => one.kind === kind));
  if (!isWhole) return result;
  return pass(`shown by events: ${shown.map(shownInWords).join('; ')} (${result.message})`, result.evidence);
}

const filesOf = ({ kind }: KeyEventEvidence): string => (kind === null ? 'a file' : `a ${kind}`);

const shownInWords = (one: KeyEventEvidence): string =>
  `CloudTrail encrypted ${filesOf(one)} at ${one.event.at.toISOString()} (event \`${one.event.id}\`)`;

const refusalInWords = (one: KeyEventEvidence): string =>
  `CloudTrail was refused ${filesOf(one)} at ${one.event.at.toISOString()} with \`${one.event.error?.code}\` (event \`${one.event.id}\`)`;
