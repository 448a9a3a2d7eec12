import type { ReportAbout, ReportedException, ReportedTrail } from '../../report/report.ts';
import { reportedTrail } from '../../report/reported.ts';
import { evaluateTrails, type TrailPorts } from '../../rule/evaluate/evaluateTrails.ts';
import type { TrailVerdict, Verdict } from '../../rule/evaluate/evaluation.ts';
import { type Exceptions, exceptionsFor, stateOf } from '../../rule/exceptions/exceptions.ts';
import { checkOptions, type RuleParameters } from '../../rule/parameters.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { commandLine } from '../../trail/remedy/remedy.ts';
import { reportAbout } from '../reportAbout.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** Trails that are evaluated before the first of them is printed: few, so that what they leave is collected while young. */
const TRAILS_AT_ONCE = 4;

export async function* verdictsOf(
  trails: readonly TrailDescription[],
  ports: TrailPorts,
  parameters: RuleParameters,
  exceptions: Exceptions,
): AsyncGenerator<TrailVerdict> {
  for (let start = 0; start < trails.length; start += TRAILS_AT_ONCE)
    yield* await evaluateTrails(trails.slice(start, start + TRAILS_AT_ONCE), ports, parameters, exceptions);
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
  const found = (trailArn: string): void => {
    for (const [index, entry] of exceptions.entries())
      if (exceptionsFor(trailArn, [entry]).length > 0)
        states[index] = { ...entry.exception, state: stateOf(entry, true, at) };
  };
  return { states, found };
}
