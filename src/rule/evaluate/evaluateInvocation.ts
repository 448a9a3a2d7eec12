import type { TrailDescription } from '../../trail/facts.ts';
import { whyReplica } from '../event/applicability.ts';
import type {
  ConfigurationItemSummary,
  Invocation,
  KeyChangeInvocation,
  ScheduledInvocation,
} from '../event/invocation.ts';
import { isKey, keyUse } from '../event/keyChange.ts';
import type { RulePorts } from '../ports.ts';
import { type EvaluatedBatch, type EvaluatedResource, evaluatedResource } from './evaluatedResource.ts';
import { evaluateEach } from './evaluateEach.ts';
import { evaluateChange, evaluateOversized, type Surroundings } from './evaluateItem.ts';
import { CONCURRENT_TRAILS, NO_KNOWN_CHANGES } from './evaluateTrails.ts';
import { EVALUATIONS_PER_CALL, type Verdict } from './evaluation.ts';
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

const single = (
  { resourceId, resourceType, captureTime }: ConfigurationItemSummary,
  verdict: Verdict,
): EvaluatedBatch => ({
  resources: [evaluatedResource(resourceId, captureTime, verdict, 0, resourceType)],
  unevaluated: [],
});

/**
 * The trails that live here and use the key, and nothing else: not the key, not the other trails. A key that no trail
 * uses leaves nothing to report, and PutEvaluations is not called.
 */
async function* evaluateKeyChange(
  invocation: KeyChangeInvocation,
  around: Surroundings,
): AsyncGenerator<EvaluatedBatch, void> {
  const { key, captureTime } = invocation;
  const trails = (await livingTrails(invocation, around.ports)).filter((trail) => keyUse(trail, key) !== 'no');
  // An alias that turns out to stand for another key has nothing to do with the change; a broken one may have.
  const concerns = ({ verdict: { key: read } }: EvaluatedResource): boolean =>
    read === null || read.arn === null || isKey(read.arn, key);
  for await (const { resources, unevaluated } of evaluateLiving(trails, captureTime, around, {
    trail: null,
    key: captureTime,
  })) {
    yield { resources: resources.filter(concerns), unevaluated };
  }
}

/**
 * Every trail that lives here; then, since what the trails are must not wait for what was, every resource that was
 * reported on before and lives here no more.
 */
async function* evaluateSchedule(
  invocation: ScheduledInvocation,
  around: Surroundings,
): AsyncGenerator<EvaluatedBatch, void> {
  const { accountId, region, configRuleName } = invocation;
  const { ports } = around;
  const at = invocation.notificationCreationTime ?? ports.now();
  const trails = await livingTrails(invocation, ports);
  yield* evaluateLiving(trails, at, around);
  // Without the rule's name nobody can ask what it has reported; AWS Config always sends it.
  if (configRuleName === null) return;
  const living = new Set(trails.map(({ name }) => name));
  const stale = [...new Set(await ports.reportedResourceIds())].filter((resourceId) => !living.has(resourceId));
  const resources = stale.map((resourceId, index) => {
    const verdict = unexamined({ resourceId, trailArn: null, accountId, region }, GONE);
    return evaluatedResource(resourceId, at, verdict, trails.length + index);
  });
  yield { resources, unevaluated: [] };
}

const GONE = 'no trail of this name lives in this account and Region any more';

/** Each trail whose home is here, once: AWS lists a trail more than once where it lists shadow trails. */
async function livingTrails(
  { accountId, region }: Invocation,
  ports: Pick<RulePorts, 'listTrails'>,
): Promise<readonly TrailDescription[]> {
  const listed = await ports.listTrails();
  const living = listed.filter((trail) => whyReplica(trail, accountId, region) === null);
  return [...new Map(living.map((trail) => [trail.arn, trail])).values()];
}

async function* evaluateLiving(
  trails: readonly TrailDescription[],
  at: Date,
  around: Surroundings,
  changes = NO_KNOWN_CHANGES,
): AsyncGenerator<EvaluatedBatch, void> {
  const sizes = { concurrent: CONCURRENT_TRAILS, together: EVALUATIONS_PER_CALL };
  const items = trails.map((trail) => ({ trail, changes }));
  for await (const { evaluated, unevaluated } of evaluateEach(items, { ...around, ...sizes })) {
    const resources = evaluated.map(({ verdict, index }) => evaluatedResource(verdict.trail.name, at, verdict, index));
    yield { resources, unevaluated };
  }
}
