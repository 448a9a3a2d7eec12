import type { Reading, TrailDescription } from '../../trail/facts.ts';
import { messageOf, storesUnlisted } from '../errors.ts';
import type { UnevaluatedTrail } from '../evaluate/evaluation.ts';
import { type CentralTask, isOfTask } from './centralTask.ts';
import { type CentralTrail, centralTrails, type RecordedTrail } from './centralTrails.ts';

/** What listing the trails of an organization reads. */
export interface ListPorts {
  now(): Date;
  /** The items of all trails in the aggregator, replicas too. */
  recordedTrails(): Promise<readonly RecordedTrail[]>;
  /** The same of event data stores; left out: they are not evaluated. */
  recordedEventDataStores?(): Promise<readonly RecordedTrail[]>;
  /**
   * The organization trails that the function's own account sees live: those of the management account, which often
   * records nothing, among them.
   */
  organizationTrails(): Promise<Reading<readonly TrailDescription[]>>;
}

/** The trails that a run evaluates, and what else the list shows. */
export interface CentralList {
  readonly startedAt: Date;
  /** Each once, organization trails first. */
  readonly trails: readonly CentralTrail[];
  /** Trails whose record cannot be understood, and organization trails that are to be there and are not. */
  readonly unlisted: readonly UnevaluatedTrail[];
  /** Records of replicas, whose trails are evaluated in this run. */
  readonly replicas: number;
  /** Why organization trails could not be listed live; `null` where they were. */
  readonly organizationTrailsUnread: string | null;
}

/** @throws what listing throws: without a list nothing is evaluated */
export async function listTrails(task: CentralTask, ports: ListPorts): Promise<CentralList> {
  const startedAt = ports.now();
  // None of them is an organization trail.
  const listStores = task.organizationTrailsOnly ? undefined : ports.recordedEventDataStores;
  const [recorded, live, stores] = await Promise.all([
    ports.recordedTrails(),
    ports.organizationTrails(),
    listStores?.().catch((error: unknown) => ({ error })) ?? [],
  ]);
  const known = 'error' in stores ? recorded : [...recorded, ...stores];
  const { trails, unreadable, replicas } = centralTrails(known, live.read ? live.value : []);
  return {
    startedAt,
    trails: trails.filter(({ trail }) => isOfTask(trail, task)),
    // They cost themselves alone.
    unlisted: [
      ...unreadable,
      ...missingOf(task, trails),
      ...('error' in stores ? [storesUnlisted(null, messageOf(stores.error))] : []),
    ],
    replicas,
    organizationTrailsUnread: live.read ? null : live.reason,
  };
}

/** An organization trail that is to be there and is not: deleted, or seen by nobody. */
function missingOf(task: CentralTask, found: readonly CentralTrail[]): readonly UnevaluatedTrail[] {
  const known = new Set(found.map(({ trail }) => trail.arn));
  return task.expectedTrails
    .filter((arn) => !known.has(arn))
    .map((trailArn) => ({
      trailArn,
      accountId: trailArn.split(':')[4] ?? null,
      isOrganization: true,
      reason: 'neither the aggregator nor CloudTrail in the account of the function shows the trail',
    }));
}
