import type { ReportAbout, ReportedException, ReportedTrail } from '../../report/report.ts';
import { reportedTrail } from '../../report/reported.ts';
import { NO_KNOWN_CHANGES, type TrailPorts, trailEvaluator } from '../../rule/evaluate/evaluateTrails.ts';
import type { TrailVerdict, Verdict } from '../../rule/evaluate/evaluation.ts';
import { type Exceptions, exceptionsFor, stateOf } from '../../rule/exceptions/exceptions.ts';
import { checkOptions, type RuleParameters } from '../../rule/parameters.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { commandLine } from '../../trail/remedy/remedy.ts';
import { reportAbout } from '../reportAbout.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** One after the other: nothing waits for a network, and what a trail leaves is collected while young. */
export async function* verdictsOf(
  trails: readonly TrailDescription[],
  ports: TrailPorts,
  parameters: RuleParameters,
  exceptions: Exceptions,
): AsyncGenerator<TrailVerdict> {
  const evaluate = trailEvaluator(ports, parameters, exceptions);
  for (const trail of trails) yield await evaluate(trail, NO_KNOWN_CHANGES);
}

/** What a report on a snapshot tells of itself. */
export const about = (
  { collectedAt, coverage }: Pick<Snapshot, 'collectedAt' | 'coverage'>,
  parameters: RuleParameters,
  now: Date,
): ReportAbout => reportAbout({ evaluatedAt: now, factsAt: collectedAt, parameters, coverage });

/** Puts verdicts into the report's words. */
export function reporter(
  { accountNames }: Pick<Snapshot, 'accountNames'>,
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

/** What has become of exceptions: whole once the trails are through. */
export function exceptionStates(exceptions: Exceptions, at: Date) {
  const states: ReportedException[] = exceptions.map((entry) => ({
    ...entry.exception,
    state: stateOf(entry, false, at),
  }));
  const found = (arn: string): void => {
    for (const [index, entry] of exceptions.entries())
      if (exceptionsFor(arn, [entry]).length > 0)
        states[index] = { ...entry.exception, state: stateOf(entry, true, at) };
  };
  return { states, found };
}
