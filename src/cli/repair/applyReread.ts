import type { Access } from '../../aws/access.ts';
import { keyReader } from '../../aws/read/key.ts';
import { demandTrail, findTrail, readTrailStatus } from '../../aws/read/trail.ts';
import { keyOfArn } from '../../facts/keyReference.ts';
import type { KeyEntry } from '../../facts/members.ts';
import { describeTrail } from '../../facts/trails.ts';
import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import { trailIdentity } from '../../trail/arn.ts';
import type { Finding } from '../../trail/finding.ts';
import type { RepairPlan } from '../../trail/repair/plan.ts';
import { isOpen } from '../../trail/repair/remaining.ts';
import type { SnapshotDocument, TrailEntry } from '../live/document.ts';
import { type AccountAccess, keyAccess } from '../live/reach.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import { considers, type SnapshotRepair } from './planSnapshot.ts';

/** What a plan was made with, but for the snapshot. */
export type Criteria = Omit<SnapshotRepair, 'snapshot'>;

/** The document with a plan's key and trails as they are now; everything else stays as it was read. */
export async function reread(
  document: SnapshotDocument,
  { keyArn, trailArns }: Pick<RepairPlan, 'keyArn' | 'trailArns'>,
  reach: AccountAccess,
  now: Date,
): Promise<SnapshotDocument> {
  const [key, trails] = await Promise.all([
    keyArn === null ? null : freshKey(reach, keyArn),
    Promise.all(trailArns.map((arn) => freshTrail(reach, arn))),
  ]);
  const arnOf = (entry: SnapshotDocument['trails'][number]): string | null =>
    'Trail' in entry ? entry.Trail.TrailARN : null;
  const others = document.trails.filter((entry) => !trailArns.includes(arnOf(entry) ?? ''));
  const fresh = trails.map((trail) => ({ ...document.trails.find((old) => arnOf(old) === arnOf(trail)), ...trail }));
  return {
    ...document,
    collectedAt: now.toISOString(),
    trails: [...others, ...fresh],
    keys: key === null ? document.keys : [...document.keys.filter((entry) => entry.KeyArn !== keyArn), key],
  };
}

/** The document with a key that no trail names yet. */
export async function withKey(
  document: SnapshotDocument,
  keyArn: string,
  reach: AccountAccess,
): Promise<SnapshotDocument> {
  if (document.keys.some((entry) => entry.KeyArn === keyArn)) return document;
  const key = await freshKey(reach, keyArn);
  return key === null ? document : { ...document, keys: [...document.keys, key] };
}

/**
 * What a plan promised to fix and is still open, by the rule's own code; empty when it is all fixed.
 *
 * @param document as `reread` gives it
 */
export async function stillOpen(
  document: SnapshotDocument,
  { trailArns, remaining }: RepairPlan,
  { parameters, exceptions, leastSeverity, now }: Criteria,
): Promise<readonly Finding[]> {
  const ports = snapshotPorts(parseSnapshot(JSON.stringify(document), 'of this reading'), null, now);
  const trails = (await ports.listTrails()).filter(({ arn }) => trailArns.includes(arn));
  const counts = considers({ exceptions, leastSeverity });
  const isExpected = (finding: Finding, arn: string): boolean =>
    remaining.some((left) => left.check === finding.check && left.trailArns.includes(arn));
  const verdicts = await evaluateTrails(trails, ports, parameters, exceptions);
  return verdicts.flatMap(({ trail, findings }) =>
    findings.filter((finding) => isOpen(finding) && counts(finding, trail) && !isExpected(finding, trail.arn)),
  );
}

/** The policy that a document holds for a key; `null` where it could not be read. */
export function policyIn(document: SnapshotDocument, keyArn: string): string | null {
  const entry = document.keys.find((key) => key.KeyArn === keyArn);
  return entry !== undefined && typeof entry.Policy === 'string' ? entry.Policy : null;
}

/** The key that a document says a trail has; `null`: none, or no such trail. */
export function keyOf(document: SnapshotDocument, trailArn: string): string | null {
  const entry = document.trails.find((trail) => 'Trail' in trail && trail.Trail.TrailARN === trailArn);
  const key = entry !== undefined && 'Trail' in entry ? entry.Trail.KmsKeyId : null;
  return typeof key === 'string' && key !== '' ? key : null;
}

/** What signs requests about an account; where it is closed, the caller's own. */
export async function accessIn(reach: AccountAccess, accountId: string): Promise<Access> {
  const entry = await reach.enter(accountId);
  return 'access' in entry ? entry.access : reach.own;
}

async function freshKey(reach: AccountAccess, keyArn: string): Promise<KeyEntry | null> {
  const named = keyOfArn(keyArn);
  if (named === null) return null;
  const accessTo = (key: typeof named) => keyAccess(reach, key, reach.own);
  const [entry = null] = await keyReader({ accessTo, readRotation: true, policies: async () => null }).entries(named);
  return entry;
}

async function freshTrail(reach: AccountAccess, trailArn: string): Promise<TrailEntry> {
  const access = await accessIn(reach, trailIdentity(trailArn)?.accountId ?? '');
  const trail = await demandTrail(access, trailArn);
  return { Trail: trail, Status: await readTrailStatus(access, describeTrail(trail)) };
}

/** Whether a trail is there for certain; one of an account that is not entered is not. */
export async function isThere(reach: AccountAccess, trailArn: string): Promise<boolean> {
  const entry = await reach.enter(trailIdentity(trailArn)?.accountId ?? '');
  return 'access' in entry && (await findTrail(entry.access, trailArn)) !== undefined;
}
