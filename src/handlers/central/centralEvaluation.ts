import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { homeOf } from '../../aws/access.ts';
import { centralPorts } from '../../aws/centralPorts.ts';
import { createClients } from '../../aws/clients.ts';
import { deadlineAfter } from '../../aws/deadline.ts';
import { usageMeter } from '../../aws/requestUsage.ts';
import { centralSettings, parseCentralTask } from '../../rule/central/centralTask.ts';
import { type Publisher, runCentral } from '../../rule/central/runCentral.ts';
import { lesserFactsDecideNothing } from '../../rule/evaluate/lesserFacts.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { workLine } from '../shared/logLine.ts';
import { addUsageMetrics, metricsOf, verdictMetrics, writeMetrics } from '../shared/metrics.ts';
import { logPublisher, organizationTrailMetrics, publishingTo } from '../shared/publishers.ts';
import { ruleParameters } from '../shared/ruleParameters.ts';
import { readSettings } from '../shared/settings.ts';

/** Kept back from the time of the invocation to publish what was evaluated, in milliseconds. */
const PUBLISHING_TIME = 30_000;

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const metrics = metricsOf('central-evaluation');
const meter = usageMeter();
const clients = createClients({}, meter);

/**
 * The scheduled Lambda function that evaluates every trail of the organization once, from a Config aggregator.
 *
 * @throws whatever left trails without a verdict, after the others were published, so that Lambda tries again
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const started = performance.now();
  meter.reset();
  clients.startInvocation();
  const remaining = context.getRemainingTimeInMillis();
  const deadline = deadlineAfter(remaining - Math.min(PUBLISHING_TIME, remaining / 10));
  const end = deadlineAfter(remaining);
  const caller = `the role of ${context.invokedFunctionArn}`;
  try {
    const { expected, externalId, readResourceControlPolicies, importFindings, resultsBucket } = readSettings(
      process.env,
    );
    const home = homeOf(context.invokedFunctionArn);
    const task = parseCentralTask(event, centralSettings(process.env));
    if (task === null) {
      logger.info('the event changed no key: nothing is evaluated');
      return;
    }
    const parameters = ruleParameters(process.env);
    const publishers: Publisher[] = [
      logPublisher(logger, () => workLine(started, meter.used())),
      organizationTrailMetrics(metrics),
      verdictMetrics(metrics),
    ];
    if (importFindings) {
      const { findingPublisher, storeOf } = await import('../shared/securityHub.ts');
      const { trailPresence } = await import('../../aws/trailPresence.ts');
      const { securityHubExclude: excluded, memberRoleName, keyReaderRoleName } = parseParameters(parameters);
      const store = storeOf(clients, home, caller, end.signal);
      const reach = { home, memberRoleName, keyReaderRoleName, externalId, expected };
      publishers.push(
        findingPublisher(
          store,
          { home, excluded, now: new Date() },
          {
            ask: trailPresence(clients, { caller, reach, signal: end.signal }),
            warn: (message, data) => logger.warn(message, { ...data }),
          },
        ),
      );
    }
    if (resultsBucket !== null) {
      const { resultPublisher } = await import('../shared/results.ts');
      const { resultBucket } = await import('../../aws/write/resultBucket.ts');
      const results = resultBucket(clients, { home, bucket: resultsBucket, caller, signal: end.signal });
      publishers.push(resultPublisher(results, { run: context.awsRequestId, evaluatedAt: new Date() }));
    }
    await runCentral(
      parameters,
      task,
      ({ memberRoleName, keyReaderRoleName, aggregatorName, requireKeyRotation, minimumSeverity }) =>
        centralPorts(clients, {
          readRotation: requireKeyRotation,
          throttledIsUnread: lesserFactsDecideNothing({ minimumSeverity }),
          readResourceControlPolicies,
          // INVARIANT: runCentral refuses parameters without an aggregator.
          aggregatorName: aggregatorName ?? '',
          caller,
          reach: { home, memberRoleName, keyReaderRoleName, externalId, expected },
          signal: deadline.signal,
        }),
      publishingTo(...publishers),
    );
  } catch (error) {
    logger.error('the invocation failed', { error });
    throw error;
  } finally {
    deadline.clear();
    end.clear();
    addUsageMetrics(metrics, meter.used());
    writeMetrics(metrics);
  }
}
