import type { ReportStream } from '../../report/build.ts';
import { eventDataStoreReport } from '../../report/eventDataStore.ts';
import type { ReportedException, TrailReport } from '../../report/report.ts';
import type { Evaluation } from '../../rule/evaluate/evaluation.ts';
import { EVENT_DATA_STORE } from '../../rule/event/resourceKind.ts';
import type { Exceptions } from '../../rule/exceptions/exceptions.ts';
import { exceptionsInEffect } from '../../rule/exceptions/exceptionsInEffect.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { runRule } from '../../rule/runRule.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type GivenParameters, overlayParameters } from './parameters.ts';
import { about, exceptionStates, reporter, verdictsOf } from './reported.ts';

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
    for await (const verdict of verdictsOf(trails, ports, parameters, exceptions)) yield reported(verdict);
  }
  const states = exceptionsFound(
    exceptions,
    [...trails, ...snapshot.eventDataStores].map(({ arn }) => arn),
    ports.now(),
  );
  const stores: TrailReport[] = [];
  for await (const verdict of verdictsOf(snapshot.eventDataStores, ports, parameters, exceptions))
    stores.push(eventDataStoreReport(reported(verdict)));
  return {
    ...about(snapshot, parameters, now),
    exceptions: states,
    trails: { [Symbol.asyncIterator]: evaluated },
    ...(stores.length > 0 && { eventDataStores: stores }),
  };
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
  const reported = reporter(snapshot, evaluatedBy.parameters, repairSource);
  const isStore = ({ ComplianceResourceType }: Evaluation): boolean =>
    ComplianceResourceType === EVENT_DATA_STORE.resourceType;
  const trails = verdicts.map((verdict, index) =>
    evaluations[index] && isStore(evaluations[index]) ? eventDataStoreReport(reported(verdict)) : reported(verdict),
  );
  const states = exceptionsFound(
    exceptions,
    verdicts.flatMap((verdict) => (verdict.trail === null ? verdict.trailArn : verdict.trail.arn) ?? []),
    snapshot.collectedAt ?? now,
  );
  return { ...about(snapshot, evaluatedBy.parameters, now), exceptions: states, trails, evaluations };
}

/** What has become of the exceptions of trails and event data stores. */
function exceptionsFound(exceptions: Exceptions, arns: readonly string[], at: Date): readonly ReportedException[] {
  const { states, found } = exceptionStates(exceptions, at);
  arns.forEach(found);
  return states;
}
