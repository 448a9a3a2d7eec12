import type { ReportStream } from '../../report/build.ts';
import type { ReportAbout, ReportedException, ReportedTrail } from '../../report/report.ts';
import { reportedTrail } from '../../report/reported.ts';
import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import type { Verdict } from '../../rule/evaluate/evaluation.ts';
import { type Exceptions, exceptionsFor, stateOf } from '../../rule/exceptions/exceptions.ts';
import { exceptionsInEffect } from '../../rule/exceptions/exceptionsInEffect.ts';
import { checkOptions, parseParameters, type RuleParameters } from '../../rule/parameters.ts';
import { runRule } from '../../rule/runRule.ts';
import { commandLine } from '../../trail/remedy/remedy.ts';
import { reportAbout } from '../reportAbout.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type GivenParameters, overlayParameters } from './parameters.ts';

export interface EvaluationRequest {
  readonly snapshot: Snapshot;
  /** The Lambda event, parsed as JSON; left out, every trail of the snapshot is evaluated. */
  readonly event?: unknown;
  /** Laid over the event's own. */
  readonly parameters: GivenParameters;
  readonly exceptions: Exceptions;
  /** The options with which `repair` finds the trails again. */
  readonly repairSource?: readonly string[];
  /** The clock, where the snapshot does not say when it was collected. */
  readonly now: Date;
}

/** Trails that are evaluated before the first of them is printed: few, so that what they leave is collected while young. */
const TRAILS_AT_ONCE = 16;

/**
 * Evaluates a snapshot through the rule's own code: with an event what the Lambda would report for it, otherwise every
 * trail.
 *
 * @throws InvalidInvocationError, InvalidParameterError, BadInput (the snapshot lacks the trail of an oversized item)
 */
export async function evaluateSnapshot(request: EvaluationRequest): Promise<ReportStream> {
  return request.event === undefined ? everyTrail(request) : evaluateEvent(request);
}

async function everyTrail({ snapshot, now, ...given }: EvaluationRequest): Promise<ReportStream> {
  const ports = snapshotPorts(snapshot, null, now);
  const trails = await ports.listTrails();
  const parameters = parseParameters(given.parameters);
  const exceptions = await exceptionsInEffect(parameters, ports, given.exceptions);
  const reported = reporter(snapshot, parameters, given.repairSource);
  async function* evaluated() {
    for (let start = 0; start < trails.length; start += TRAILS_AT_ONCE) {
      const some = trails.slice(start, start + TRAILS_AT_ONCE);
      for (const verdict of await evaluateTrails(some, ports, parameters, exceptions)) {
        yield reported(verdict);
      }
    }
  }
  const states = exceptionsFound(
    exceptions,
    trails.map(({ arn }) => arn),
    ports.now(),
  );
  return { ...about(snapshot, parameters, now), exceptions: states, trails: { [Symbol.asyncIterator]: evaluated } };
}

async function evaluateEvent({
  snapshot,
  event,
  parameters,
  exceptions,
  repairSource,
  now,
}: EvaluationRequest): Promise<ReportStream> {
  const { verdicts, evaluations, ...evaluatedBy } = await runRule(
    overlayParameters(event, parameters),
    (invocation) => snapshotPorts(snapshot, invocation, now),
    { exceptions },
  );
  const trails = verdicts.map(reporter(snapshot, evaluatedBy.parameters, repairSource));
  const states = exceptionsFound(
    exceptions,
    trails.flatMap(({ trailArn }) => trailArn ?? []),
    snapshot.collectedAt ?? now,
  );
  return { ...about(snapshot, evaluatedBy.parameters, now), exceptions: states, trails, evaluations };
}

const about = ({ collectedAt, coverage }: Snapshot, parameters: RuleParameters, now: Date): ReportAbout =>
  reportAbout({ evaluatedAt: now, factsAt: collectedAt, parameters, coverage });

/** What has become of the exceptions of trails. */
const exceptionsFound = (
  exceptions: Exceptions,
  trailArns: readonly string[],
  at: Date,
): readonly ReportedException[] =>
  exceptions.map((entry) => {
    const isMatched = trailArns.some((arn) => exceptionsFor(arn, [entry]).length > 0);
    return { ...entry.exception, state: stateOf(entry, isMatched, at) };
  });

/** Puts verdicts into the report's words. */
function reporter(
  { accountNames }: Snapshot,
  parameters: RuleParameters,
  repairSource: readonly string[] = [],
): (verdict: Verdict) => ReportedTrail {
  const options = checkOptions(parameters);
  const wording = commandLine(repairSource);
  return (verdict) => {
    const accountId = verdict.trail === null ? verdict.accountId : verdict.trail.accountId;
    return reportedTrail(verdict, options, { wording, accountName: accountNames.get(accountId) ?? null });
  };
}
