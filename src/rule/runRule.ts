import type { TrailDescription } from '../trail/facts.ts';
import { whyNotApplicable, whyReplica } from './applicability.ts';
import { describeConfiguredTrail } from './describeTrail.ts';
import { evaluateTrails } from './evaluateTrails.ts';
import type { Evaluation, UnexaminedResource, Verdict } from './evaluation.ts';
import { type Exceptions, NO_EXCEPTIONS } from './exceptions.ts';
import { exceptionsInEffect } from './exceptionsInEffect.ts';
import type {
  ChangeInvocation,
  ConfigurationItem,
  ConfigurationItemSummary,
  Invocation,
  KeyChangeInvocation,
  OversizedInvocation,
  ScheduledInvocation,
} from './invocation.ts';
import { isKey, keyUse } from './keyChange.ts';
import { parseParameters, type RuleParameters } from './parameters.ts';
import { parseInvocation, TRAIL_RESOURCE_TYPE } from './parseInvocation.ts';
import type { RulePorts } from './ports.ts';
import { type Sleep, sendEvaluations } from './sendEvaluations.ts';
import { unexamined } from './unexamined.ts';

/** Binds the ports to the account and Region of an invocation. */
export type Connect = (invocation: Invocation, parameters: RuleParameters) => RulePorts;

export interface RuleOptions {
  readonly exceptions?: Exceptions;
  readonly sleep?: Sleep;
}

/** What one invocation came to. */
export interface RuleResult {
  readonly invocation: Invocation;
  readonly parameters: RuleParameters;
  /** Those that were judged by, whether in force or over. */
  readonly exceptions: Exceptions;
  /** Sent to AWS Config, all of them taken. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluation, in the same order. */
  readonly verdicts: readonly Verdict[];
}

/**
 * The rule: event → Invocation → Trail facts → Key facts → Findings → Evaluation → PutEvaluations.
 *
 * @throws InvalidInvocationError, InvalidParameterError before anything is read; InvalidExceptionsError before anything is
 * judged; UndeliveredEvaluationsError; what a port throws. Nothing is reported then, or not everything (of a schedule the
 * verdicts on living trails, where what was reported before cannot be listed): the invocation must fail, so that it is
 * tried again.
 */
export async function runRule(event: unknown, connect: Connect, options: RuleOptions = {}): Promise<RuleResult> {
  const invocation = parseInvocation(event);
  const parameters = parseParameters(invocation.ruleParameters);
  const ports = connect(invocation, parameters);
  const exceptions = await exceptionsInEffect(parameters, ports, options.exceptions ?? NO_EXCEPTIONS);
  const { judged, trouble } = await judgeInvocation(invocation, { ports, parameters, exceptions });
  const evaluations = judged.map(({ evaluation }) => evaluation);
  await sendEvaluations(evaluations, ports, options.sleep);
  if (trouble !== null) throw trouble.error;
  return { invocation, parameters, exceptions, evaluations, verdicts: judged.map(({ verdict }) => verdict) };
}

interface Judged {
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
}

interface Judgement {
  readonly judged: readonly Judged[];
  /** What kept the rest from being known. It is thrown once the known is sent. */
  readonly trouble: { readonly error: unknown } | null;
}

const complete = (judged: readonly Judged[]): Judgement => ({ judged, trouble: null });

interface Surroundings {
  readonly ports: RulePorts;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
}

async function judgeInvocation(invocation: Invocation, surroundings: Surroundings): Promise<Judgement> {
  switch (invocation.kind) {
    case 'change':
      return complete(await judgeChange(invocation, surroundings));
    case 'oversized':
      return complete(await judgeOversized(invocation, surroundings));
    case 'keyChange':
      return complete(await judgeKeyChange(invocation, surroundings));
    case 'scheduled':
      return judgeSchedule(invocation, surroundings);
    default:
      return invocation satisfies never;
  }
}

async function judgeChange(
  { item, eventLeftScope }: ChangeInvocation,
  around: Surroundings,
): Promise<readonly Judged[]> {
  return [toJudged(item.resourceId, item.captureTime, await judgeItem(item, eventLeftScope, around))];
}

/** The item that was too large for the event is read back, unless its summary tells that there is nothing to judge. */
async function judgeOversized(invocation: OversizedInvocation, around: Surroundings): Promise<readonly Judged[]> {
  const { summary, eventLeftScope } = invocation;
  const why = whyNotApplicable(summary, eventLeftScope);
  const verdict =
    why === null
      ? await judgeItem(await around.ports.configurationItem(summary), eventLeftScope, around)
      : unexaminedItem(summary, null, why);
  return [toJudged(summary.resourceId, summary.captureTime, verdict)];
}

async function judgeItem(item: ConfigurationItem, eventLeftScope: boolean, around: Surroundings): Promise<Verdict> {
  const why = whyNotApplicable(item, eventLeftScope);
  if (why !== null) return unexaminedItem(item, null, why);
  const trail = describeConfiguredTrail(item.configuration, item.arn);
  const replica = whyReplica(trail, item.accountId, item.region);
  if (replica !== null) return unexaminedItem(item, trail, replica);
  const [verdict] = await evaluateTrails([trail], around.ports, around.parameters, around.exceptions);
  // INVARIANT: evaluateTrails answers every trail.
  if (verdict === undefined) throw new Error(`no verdict on \`${trail.arn}\``);
  return verdict;
}

/**
 * The trails that live here and use the key, and nothing else: not the key, not the other trails. A key that no trail
 * uses leaves nothing to report, and PutEvaluations is not called.
 */
async function judgeKeyChange(invocation: KeyChangeInvocation, around: Surroundings): Promise<readonly Judged[]> {
  const { key, captureTime } = invocation;
  const { ports, parameters, exceptions } = around;
  const trails = (await livingTrails(invocation, ports)).filter((trail) => keyUse(trail, key) !== 'no');
  const verdicts = await evaluateTrails(trails, ports, parameters, exceptions);
  // An alias that turns out to stand for another key has nothing to do with the change; a broken one may have.
  const concerned = verdicts.filter(({ key: read }) => read === null || read.arn === null || isKey(read.arn, key));
  return concerned.map((verdict) => toJudged(verdict.trail.name, captureTime, verdict));
}

/** Every trail that lives here, and every resource that was reported on before and lives here no more. */
async function judgeSchedule(invocation: ScheduledInvocation, around: Surroundings): Promise<Judgement> {
  const { accountId, region, configRuleName } = invocation;
  const { ports, parameters, exceptions } = around;
  const at = invocation.notificationCreationTime ?? ports.now();
  const trails = await livingTrails(invocation, ports);
  const verdicts = await evaluateTrails(trails, ports, parameters, exceptions);
  const living = new Set(trails.map(({ name }) => name));
  const judged = verdicts.map((verdict) => toJudged(verdict.trail.name, at, verdict));
  // Without the rule's name nobody can ask what it has reported; AWS Config always sends it.
  if (configRuleName === null) return complete(judged);
  try {
    const stale = [...new Set(await ports.reportedResourceIds())].filter((resourceId) => !living.has(resourceId));
    const gone = stale.map((resourceId) =>
      toJudged(resourceId, at, unexamined({ resourceId, trailArn: null, accountId, region }, GONE)),
    );
    return complete([...judged, ...gone]);
  } catch (error) {
    return { judged, trouble: { error } };
  }
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

function unexaminedItem(
  { resourceId, arn, accountId, region }: ConfigurationItemSummary,
  trail: TrailDescription | null,
  why: string,
): UnexaminedResource {
  return unexamined({ resourceId, trailArn: trail?.arn ?? arn, accountId, region }, why);
}

function toJudged(resourceId: string, at: Date, verdict: Verdict): Judged {
  const { complianceType, annotation } = verdict;
  return {
    verdict,
    evaluation: {
      ComplianceResourceType: TRAIL_RESOURCE_TYPE,
      ComplianceResourceId: resourceId,
      ComplianceType: complianceType,
      ...(annotation === '' ? {} : { Annotation: annotation }),
      OrderingTimestamp: at,
    },
  };
}
