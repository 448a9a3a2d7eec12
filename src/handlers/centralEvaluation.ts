import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { homeOf } from '../aws/access.ts';
import { centralPorts } from '../aws/centralPorts.ts';
import { createClients } from '../aws/clients.ts';
import { deadlineAfter } from '../aws/deadline.ts';
import { centralSettings, parseCentralTask } from '../rule/centralTask.ts';
import { runCentral } from '../rule/runCentral.ts';
import { logPublisher, organizationTrailMetrics, publishingTo } from './publishers.ts';
import { ruleParameters } from './ruleParameters.ts';
import { readSettings } from './settings.ts';

/** Kept back from the time of the invocation to publish what was judged, in milliseconds. */
const PUBLISHING_TIME = 30_000;

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const metrics = new Metrics({ namespace: 'CloudTrailKmsRule', serviceName: 'central-evaluation' });
const clients = createClients();

/**
 * The scheduled Lambda function that judges every trail of the organization once, from a Config aggregator.
 *
 * @throws whatever left trails without a verdict, after the others were published, so that Lambda tries again
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const remaining = context.getRemainingTimeInMillis();
  const deadline = deadlineAfter(remaining - Math.min(PUBLISHING_TIME, remaining / 10));
  try {
    const { expected, externalId, readResourceControlPolicies } = readSettings(process.env);
    const home = homeOf(context.invokedFunctionArn);
    const task = parseCentralTask(event, centralSettings(process.env));
    if (task === null) {
      logger.info('the event changed no key: nothing is evaluated');
      return;
    }
    await runCentral(
      ruleParameters(process.env),
      task,
      ({ memberRoleName, keyReaderRoleName, aggregatorName, requireKeyRotation }) =>
        centralPorts(clients, {
          readRotation: requireKeyRotation,
          readResourceControlPolicies,
          // INVARIANT: runCentral refuses parameters without an aggregator.
          aggregatorName: aggregatorName ?? '',
          caller: `the role of ${context.invokedFunctionArn}`,
          reach: { home, memberRoleName, keyReaderRoleName, externalId, expected },
          signal: deadline.signal,
        }),
      publishingTo(logPublisher(logger), organizationTrailMetrics(metrics)),
    );
  } catch (error) {
    logger.error('the invocation failed', { error });
    throw error;
  } finally {
    deadline.clear();
  }
}
