import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { CentralRun, Publisher } from '../../rule/central/centralRun.ts';
import { isOrganizationTrail } from '../../rule/central/centralTrails.ts';
import type { CentralVerdict } from '../../rule/central/evaluateListed.ts';
import { kindOf } from '../../rule/event/resourceKind.ts';
import { isInForce } from '../../rule/exceptions/exceptions.ts';
import { exceptionLine, logLine } from './logLine.ts';

/** Publishes to several places. One that fails keeps no other one from being reached; its error is thrown afterwards. */
export function publishingTo(...publishers: readonly Publisher[]): Publisher {
  const all = async (work: (publisher: Publisher) => Promise<void>): Promise<void> => {
    const outcomes = await Promise.allSettled(publishers.map(work));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
  return {
    publish: (verdicts) => all((publisher) => publisher.publish(verdicts)),
    finish: (run) => all((publisher) => publisher.finish(run)),
  };
}

/**
 * One line a trail, one for each exception and each trail without a verdict, and a summary.
 *
 * @param work what the run took until now, for the summary
 */
export function logPublisher(
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  work: () => object = () => ({}),
): Publisher {
  return {
    async publish(verdicts) {
      for (const { verdict, source, capturedAt } of verdicts) {
        logger.info('evaluated', { ...evaluatedLine(verdict), ...originLine({ source, capturedAt }) });
      }
    },
    async finish({ unevaluated, exceptions, startedAt, organizationTrails, ...run }) {
      for (const entry of exceptions) {
        const inForce = isInForce(entry, startedAt);
        logger.info(inForce ? 'exception in force' : 'exception expired', exceptionLine(entry.exception));
      }
      for (const trail of unevaluated) logger.error('no verdict', { ...trail });
      if (run.organizationTrailsUnread !== null)
        logger.warn('organization trails are known from the aggregator alone', {
          reason: run.organizationTrailsUnread,
        });
      logger.info('evaluation finished', {
        summary: run.tally.complianceTypes,
        judged: run.evaluated.size,
        unjudged: unevaluated.length,
        organizationTrails: { judged: organizationTrails.evaluated, unjudged: organizationTrails.unevaluated },
        replicasJudgedElsewhere: run.replicas,
        key: run.task.key,
        ...work(),
      });
    },
  };
}

function evaluatedLine(verdict: CentralVerdict['verdict']) {
  const { complianceType, annotation, trail } = verdict;
  const { resourceType, resourceIdOf } = kindOf(trail);
  const evaluation = {
    ComplianceResourceType: resourceType,
    ComplianceResourceId: resourceIdOf(trail),
    ComplianceType: complianceType,
    Annotation: annotation,
    OrderingTimestamp: trail.asOf,
  };
  return { ...logLine(evaluation, verdict), isOrganization: isOrganizationTrail(trail) };
}

const originLine = ({ source, capturedAt }: Pick<CentralVerdict, 'source' | 'capturedAt'>) => ({
  trailKnownFrom: source,
  trailRecordedAt: capturedAt?.toISOString() ?? null,
});

/** Metrics whose alarms tell that an organization trail is without a verdict; `docs/central.md` lists them. */
export function organizationTrailMetrics(metrics: Metrics): Publisher {
  return {
    publish: async () => {},
    async finish({ organizationTrails, evaluated, unevaluated, task }: CentralRun) {
      // After a change of a key only some trails are looked at: that says nothing about the others.
      if (task.key !== null) return;
      metrics.addMetric('TrailsJudged', 'Count', evaluated.size);
      metrics.addMetric('TrailsWithoutVerdict', 'Count', unevaluated.length);
      metrics.addMetric('OrganizationTrailsJudged', 'Count', organizationTrails.evaluated.length);
      metrics.addMetric('OrganizationTrailsWithoutVerdict', 'Count', organizationTrails.unevaluated.length);
      for (const trailArn of organizationTrails.evaluated) {
        const one = metrics.singleMetric();
        one.addDimension('TrailArn', trailArn);
        one.addMetric('OrganizationTrailJudged', 'Count', 1);
      }
      metrics.publishStoredMetrics();
    },
  };
}
