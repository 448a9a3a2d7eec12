import { buildReport } from '../../report/build.ts';
import type { Report } from '../../report/report.ts';
import { evaluateTrails } from '../../rule/evaluateTrails.ts';
import type { Exceptions } from '../../rule/exceptions.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { runRule } from '../../rule/runRule.ts';
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
  /** The clock, where the snapshot does not say when it was collected. */
  readonly now: Date;
}

/**
 * Evaluates a snapshot through the rule's own code: with an event what the Lambda would report for it, otherwise every
 * trail.
 *
 * @throws InvalidInvocationError, InvalidParameterError, BadInput (the snapshot lacks the trail of an oversized item)
 */
export async function evaluateSnapshot(request: EvaluationRequest): Promise<Report> {
  return request.event === undefined ? evaluateEveryTrail(request) : evaluateEvent(request);
}

async function evaluateEveryTrail({ snapshot, parameters, exceptions, now }: EvaluationRequest): Promise<Report> {
  const ports = snapshotPorts(snapshot, null, now);
  return buildReport(await evaluateTrails(await ports.listTrails(), ports, parseParameters(parameters), exceptions));
}

async function evaluateEvent({ snapshot, event, parameters, exceptions, now }: EvaluationRequest): Promise<Report> {
  const { verdicts, evaluations } = await runRule(
    overlayParameters(event, parameters),
    (invocation) => snapshotPorts(snapshot, invocation, now),
    { exceptions },
  );
  return buildReport(verdicts, evaluations);
}
