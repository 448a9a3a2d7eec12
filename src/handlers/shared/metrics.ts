import { Metrics } from '@aws-lambda-powertools/metrics';
import type { RequestUsage } from '../../aws/requestUsage.ts';
import type { Publisher } from '../../rule/central/centralRun.ts';
import type { Standing } from '../../rule/evaluate/evaluation.ts';
import type { CountsBy, Tally } from '../../rule/evaluate/tally.ts';
import { type Exceptions, isInForce } from '../../rule/exceptions/exceptions.ts';

/** Every metric's namespace. Metrics are lines of the log (CloudWatch embedded metric format): they cost no request. */
const NAMESPACE = 'CloudTrailKmsRule';

/** The metrics of a function. They name the stack where there is one, so that two stacks do not share alarms. */
export function metricsOf(serviceName: string): Metrics {
  const stack = process.env.STACK_NAME;
  return new Metrics({ namespace: NAMESPACE, serviceName, ...(stack ? { defaultDimensions: { stack } } : {}) });
}

/** The metric that counts a verdict, each in exactly one. */
export const STANDING_METRICS = {
  compliant: 'Compliant',
  'non-compliant': 'NonCompliant',
  undecided: 'Undecided',
  excepted: 'Excepted',
  'not-applicable': 'NotApplicable',
} as const satisfies Record<Standing, string>;

/**
 * Adds `Compliant`, `NonCompliant`, `Undecided`, `Excepted`, `NotApplicable`, and `FailedChecks`, `UnknownChecks` by check. One that
 * would be 0 is left out: CloudWatch charges for each that is there.
 */
export function addVerdictMetrics(metrics: Metrics, { standings, failed, unknown }: Tally): void {
  for (const [standing, times] of entriesOf(standings)) metrics.addMetric(STANDING_METRICS[standing], 'Count', times);
  for (const [name, counts] of [['FailedChecks', failed] as const, ['UnknownChecks', unknown] as const]) {
    for (const [check, times] of entriesOf(counts)) {
      const one = metrics.singleMetric();
      one.addDimension('Check', check);
      one.addMetric(name, 'Count', times);
    }
  }
}

const entriesOf = <Name extends string>(counts: CountsBy<Name>) => Object.entries(counts) as [Name, number][];

/** Adds `ExceptionsInForce` and `ExceptionsExpired`. */
export function addExceptionMetrics(metrics: Metrics, exceptions: Exceptions, at: Date): void {
  const inForce = exceptions.filter((entry) => isInForce(entry, at)).length;
  if (inForce > 0) metrics.addMetric('ExceptionsInForce', 'Count', inForce);
  if (exceptions.length > inForce) metrics.addMetric('ExceptionsExpired', 'Count', exceptions.length - inForce);
}

/** Adds `ApiRequests`, `ApiThrottles` and, in milliseconds, `ApiLatency` (mean) and `ApiLatencySlowest`. */
export function addUsageMetrics(metrics: Metrics, usage: RequestUsage): void {
  if (usage.requests === 0) return;
  metrics.addMetric('ApiRequests', 'Count', usage.requests);
  if (usage.throttled > 0) metrics.addMetric('ApiThrottles', 'Count', usage.throttled);
  metrics.addMetric('ApiLatency', 'Milliseconds', usage.meanMilliseconds);
  metrics.addMetric('ApiLatencySlowest', 'Milliseconds', usage.slowestMilliseconds);
}

/** Writes what was added, where anything was: Powertools warns of an empty set. */
export function writeMetrics(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** The verdicts of a central run. After a change of a key only its trails are evaluated: their count would say nothing. */
export function verdictMetrics(metrics: Metrics): Publisher {
  return {
    publish: async () => {},
    async finish({ task, tally, exceptions, startedAt }) {
      if (task.key !== null) return;
      addVerdictMetrics(metrics, tally);
      addExceptionMetrics(metrics, exceptions, startedAt);
      writeMetrics(metrics);
    },
  };
}
