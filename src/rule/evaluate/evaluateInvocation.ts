import { type TrailDescription, unread } from '../../trail/facts.ts';
import { messageOf, storesUnlisted } from '../errors.ts';
import { whyReplica } from '../event/applicability.ts';
import type {
  ConfigurationItemSummary,
  Invocation,
  KeyChangeInvocation,
  ScheduledInvocation,
} from '../event/invocation.ts';
import { isKey, keyUse } from '../event/keyChange.ts';
import { EVENT_DATA_STORE, kindNamed, kindOf, type ResourceKind, TRAIL } from '../event/resourceKind.ts';
import type { ReportedResource, RulePorts } from '../ports.ts';
import { type EvaluatedBatch, type EvaluatedResource, evaluatedResource } from './evaluatedResource.ts';
import { evaluateEach } from './evaluateEach.ts';
import { evaluateChange, evaluateOversized, type Surroundings } from './evaluateItem.ts';
import { CONCURRENT_TRAILS, NO_KNOWN_CHANGES } from './evaluateTrails.ts';
import { EVALUATIONS_PER_CALL, type UnevaluatedTrail, type Verdict } from './evaluation.ts';
import { unexamined } from './unexamined.ts';

/**
 * Evaluates what an invocation is about, in batches that AWS Config is told as soon as they are there.
 *
 * @throws what keeps everything that is left from being evaluated
 */
export async function* evaluateInvocation(
  invocation: Invocation,
  around: Surroundings,
): AsyncGenerator<EvaluatedBatch> {
  switch (invocation.kind) {
    case 'change':
      return yield single(invocation.item, await evaluateChange(invocation, around));
    case 'oversized':
      return yield single(invocation.summary, await evaluateOversized(invocation, around));
    case 'keyChange':
      return yield* evaluateKeyChange(invocation, around);
    case 'scheduled':
      return yield* evaluateSchedule(invocation, around);
    default:
      return invocation satisfies never;
  }
}

const single = (item: ConfigurationItemSummary, verdict: Verdict): EvaluatedBatch => ({
  resources: [evaluatedResource(item, item.captureTime, verdict, 0)],
  unevaluated: [],
});

/**
 * What lives here and uses the key, and nothing else: not the key, not other trails. A key that nothing uses leaves
 * nothing to report, and PutEvaluations is not called.
 */
async function* evaluateKeyChange(
  invocation: KeyChangeInvocation,
  around: Surroundings,
): AsyncGenerator<EvaluatedBatch, void> {
  const { key, captureTime } = invocation;
  const { resources: living, unlisted } = await listLiving(invocation, around.ports);
  yield { resources: [], unevaluated: unlisted };
  const users = living.filter((resource) => keyUse(resource, key) !== 'no');
  // An alias that turns out to stand for another key has nothing to do with the change; a broken one may have.
  const concerns = ({ verdict: { key: read } }: EvaluatedResource): boolean =>
    read === null || read.arn === null || isKey(read.arn, key);
  for await (const { resources, unevaluated } of evaluateLiving(users, captureTime, around, {
    trail: null,
    key: captureTime,
  })) {
    yield { resources: resources.filter(concerns), unevaluated };
  }
}

/**
 * Everything that lives here; then, since what is there must not wait for what was, every resource that was reported on
 * before and lives here no more.
 */
async function* evaluateSchedule(
  invocation: ScheduledInvocation,
  around: Surroundings,
): AsyncGenerator<EvaluatedBatch, void> {
  const { accountId, region, configRuleName } = invocation;
  const { ports } = around;
  const at = invocation.notificationCreationTime ?? ports.now();
  const { resources: living, kinds, unlisted } = await listLiving(invocation, ports);
  yield { resources: [], unevaluated: unlisted };
  yield* evaluateLiving(living, at, around);
  // Without the rule's name nobody can ask what it has reported; AWS Config always sends it.
  if (configRuleName === null) return;
  const known = new Set(living.map((resource) => nameOf(reportedAs(resource))));
  const stale = [...new Map((await ports.reportedResources()).map((one) => [nameOf(one), one])).values()].filter(
    (one) => !known.has(nameOf(one)),
  );
  const resources = stale.flatMap((one, index) => {
    const kind = kindNamed(one.resourceType);
    // Of a kind that is not listed nobody knows what is gone.
    if (kind === undefined || !kinds.includes(kind)) return [];
    const { resourceId } = one;
    const gone = { resourceId, trailArn: kind.arnOf(resourceId), accountId, region, isGone: true };
    const verdict = unexamined(gone, kind.gone);
    return [evaluatedResource(one, at, verdict, living.length + index)];
  });
  yield { resources, unevaluated: [] };
}

const reportedAs = (resource: TrailDescription): ReportedResource => {
  const { resourceType, resourceIdOf } = kindOf(resource);
  return { resourceType, resourceId: resourceIdOf(resource) };
};

const nameOf = ({ resourceType, resourceId }: ReportedResource): string => `${resourceType} ${resourceId}`;

interface Living {
  readonly resources: readonly TrailDescription[];
  /** The kinds that were listed. */
  readonly kinds: readonly ResourceKind[];
  /** What stands for a kind that is to be evaluated and cannot be listed: it costs itself alone. */
  readonly unlisted: readonly UnevaluatedTrail[];
}

/** Each resource whose home is here, once: AWS lists a trail more than once where it lists shadow trails. */
async function listLiving(
  { accountId, region }: Invocation,
  ports: Pick<RulePorts, 'listTrails' | 'listEventDataStores'>,
): Promise<Living> {
  const [trails, stores] = await Promise.all([
    ports.listTrails(),
    ports.listEventDataStores?.().catch((error: unknown) => unread('failed', messageOf(error))),
  ]);
  const listed = stores?.read ? [...trails, ...stores.value] : trails;
  const here = listed.filter((resource) => whyReplica(resource, accountId, region) === null);
  return {
    resources: [...new Map(here.map((resource) => [resource.arn, resource])).values()],
    kinds: stores?.read ? [TRAIL, EVENT_DATA_STORE] : [TRAIL],
    unlisted: stores === undefined || stores.read ? [] : [storesUnlisted(accountId, stores.reason)],
  };
}

async function* evaluateLiving(
  living: readonly TrailDescription[],
  at: Date,
  around: Surroundings,
  changes = NO_KNOWN_CHANGES,
): AsyncGenerator<EvaluatedBatch, void> {
  const sizes = { concurrent: CONCURRENT_TRAILS, together: EVALUATIONS_PER_CALL };
  const items = living.map((trail) => ({ trail, changes }));
  for await (const { evaluated, unevaluated } of evaluateEach(items, { ...around, ...sizes })) {
    const resources = evaluated.map(({ verdict, index }) =>
      evaluatedResource(reportedAs(verdict.trail), at, verdict, index),
    );
    yield { resources, unevaluated };
  }
}
