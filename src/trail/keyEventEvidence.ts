import type { CheckOptions } from './check.ts';
import { type CheckResult, pass } from './checkResult.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import { HOUR } from './deliveryEvidence.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import type { KeyEvent } from './keyUse.ts';
import type { FileKind } from './logFiles.ts';
import { bucketArn, folderOf, kindOfPath } from './logPaths.ts';
import type { CloudTrailRequest, RequestPurpose } from './requests.ts';

const PATH = 'aws:s3:arn';
/** The request that CloudTrail encrypts a file with. */
const ENCRYPTS = 'GenerateDataKey';
/** Events after which CloudTrail may be refused what it was allowed before, or allowed what it was refused. */
const CHANGES: ReadonlySet<string> = new Set(['PutKeyPolicy', 'RetireGrant', 'RevokeGrant']);

/** Whether events of this name tell anything here. */
export const tellsOfEncryption = (name: string): boolean => name === ENCRYPTS || CHANGES.has(name);

/** What the latest event shows of one kind of file. */
export interface KeyEventEvidence {
  /** `null`: of some kind; with an S3 Bucket Key the path is the bucket's. */
  readonly kind: FileKind | 'probe' | null;
  /** `failed`: with an error that is no refusal. */
  readonly outcome: 'allowed' | 'denied' | 'failed';
  readonly event: KeyEvent;
}

/**
 * What events show of CloudTrail's requests for this trail: of each folder the latest one that is as recent as a delivery
 * has to be, and later than every change that is known; of each kind of file the gravest of them. That there is none proves nothing.
 */
export function keyEventEvidence(
  events: readonly KeyEvent[],
  trail: TrailFacts,
  key: KeyFacts,
  { deliveryEvidenceHours }: Pick<CheckOptions, 'deliveryEvidenceHours'>,
): readonly KeyEventEvidence[] {
  const since = lastChange(events, trail, key);
  const isRecent = ({ at }: KeyEvent): boolean =>
    Math.abs(trail.asOf.getTime() - at.getTime()) <= deliveryEvidenceHours * HOUR;
  const byFolder = new Map<string, KeyEventEvidence>();
  for (const event of events) {
    const kind = kindOf(event, trail, key);
    if (kind === undefined || event.at.getTime() <= since || !isRecent(event)) continue;
    const folder = folderOf(event.encryptionContext[PATH] ?? '');
    const known = byFolder.get(folder);
    if (known === undefined || known.event.at < event.at)
      byFolder.set(folder, { kind, outcome: outcomeOf(event), event });
  }
  const byKind = new Map<KeyEventEvidence['kind'], KeyEventEvidence>();
  for (const one of byFolder.values()) {
    const known = byKind.get(one.kind);
    if (known === undefined || isGraver(one, known)) byKind.set(one.kind, one);
  }
  return [...byKind.values()];
}

const GRAVEST_FIRST = ['denied', 'failed', 'allowed'] as const;

function isGraver(one: KeyEventEvidence, other: KeyEventEvidence): boolean {
  const steps = GRAVEST_FIRST.indexOf(one.outcome) - GRAVEST_FIRST.indexOf(other.outcome);
  return steps < 0 || (steps === 0 && one.event.at > other.event.at);
}

export function lastChange(events: readonly KeyEvent[], trail: TrailFacts, { arn, metadata }: KeyFacts): number {
  const created = metadata.read ? metadata.value.creationDate : null;
  const ofKey = events.filter(
    ({ name, keyArns, error }) => CHANGES.has(name) && error === null && arn !== null && keyArns.includes(arn),
  );
  const changes = [trail.changes?.trail, trail.changes?.key, created, ...ofKey.map(({ at }) => at)];
  return Math.max(...changes.map((time) => time?.getTime() ?? Number.NEGATIVE_INFINITY));
}

/** `undefined`: the event is none of CloudTrail's for this trail, with this key. */
function kindOf(event: KeyEvent, trail: TrailFacts, key: KeyFacts): KeyEventEvidence['kind'] | undefined {
  const { name, invokedBy, encryptionContext, keyArns } = event;
  const path = encryptionContext[PATH];
  if (name !== ENCRYPTS || invokedBy !== CLOUDTRAIL || path === undefined) return undefined;
  if (encryptionContext['aws:cloudtrail:arn'] !== trail.arn) return undefined;
  if (key.arn === null || !keyArns.includes(key.arn)) return undefined;
  return path === bucketArn(trail) ? null : (kindOfPath(trail, path) ?? undefined);
}

const DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

export const outcomeOf = ({ error }: KeyEvent): KeyEventEvidence['outcome'] =>
  error === null ? 'allowed' : DENIED.has(error.code) ? 'denied' : 'failed';

/**
 * An unknown answer with what events show of it: a pass where they show every kind of file that is in doubt, the refusals
 * that they show otherwise. A definite answer stays as it is.
 */
export function settledByEvents(
  result: CheckResult,
  inDoubt: readonly RequestPurpose[],
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

const unusedInWords = (since: Date): string =>
  `KMS records that the key was never used with success since it was created at ${since.toISOString()}, which settles nothing`;

/** What an answer is about that the key's events may settle. */
export type KeyEventSubject = Pick<KeyPolicySubject, 'trail' | 'key' | 'options'>;
type InDoubt = readonly Pick<CloudTrailRequest, 'purpose'>[];

/** An unknown answer with what the key's events show of it, where somebody asked for them, or why they show nothing. */
export const withKeyEvents = (result: CheckResult, subject: KeyEventSubject, inDoubt: InDoubt): CheckResult =>
  withEvidence(result, subject, inDoubt, () => true);

/** The same where events settle nothing: with what they show to be refused. */
export const withKeyRefusals = (result: CheckResult, subject: KeyEventSubject, inDoubt: InDoubt): CheckResult =>
  withEvidence(result, subject, inDoubt, ({ outcome }) => outcome === 'denied');

function withEvidence(
  result: CheckResult,
  { trail, key, options }: KeyEventSubject,
  inDoubt: InDoubt,
  counts: (one: KeyEventEvidence) => boolean,
): CheckResult {
  const { events, lastUsage } = key;
  if (result.status !== 'unknown') return result;
  const unusedSince = lastUsage?.read ? lastUsage.value.unusedSince : null;
  // Nobody looks for the events of such a key then: absence settles nothing, for KMS keeps no record of refusals.
  if (unusedSince !== null) return { ...result, message: `${result.message}; ${unusedInWords(unusedSince)}` };
  if (events === undefined) return result;
  if (!events.read)
    return { ...result, message: `${result.message}; the key's events were not read: ${events.reason}` };
  const evidence = keyEventEvidence(events.value, trail, key, options).filter(counts);
  const kinds = inDoubt.map(({ purpose }) => purpose);
  return settledByEvents(result, kinds, evidence);
}
