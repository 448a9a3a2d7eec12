import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { homeOf } from '../aws/access.ts';
import { createClients } from '../aws/clients.ts';
import { deadlineAfter } from '../aws/deadline.ts';
import { awsPorts } from '../aws/ports.ts';
import { isInForce } from '../rule/exceptions.ts';
import { runRule } from '../rule/runRule.ts';
import { exceptionLine, logLine } from './logLine.ts';
import { readSettings } from './settings.ts';
import './smallHeap.ts';

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const clients = createClients();

/**
 * The Lambda function behind the AWS Config rule.
 *
 * @throws whatever kept evaluations from being reported, so that Lambda tries again and at last keeps the event
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const deadline = deadlineAfter(context.getRemainingTimeInMillis());
  try {
    const { expected, externalId, readResourceControlPolicies } = readSettings(process.env);
    const home = homeOf(context.invokedFunctionArn);
    const { exceptions, evaluations, verdicts } = await runRule(event, (invocation, parameters) => {
      const { memberRoleName, keyReaderRoleName, aggregatorName, requireKeyRotation } = parameters;
      return awsPorts(clients, {
        ...invocation,
        readRotation: requireKeyRotation,
        readResourceControlPolicies,
        aggregatorName,
        caller: `the role of ${context.invokedFunctionArn}`,
        reach: { home, memberRoleName, keyReaderRoleName, externalId, expected },
        signal: deadline.signal,
      });
    });
    for (const entry of exceptions) {
      const inForce = isInForce(entry, new Date());
      logger.info(inForce ? 'exception in force' : 'exception expired', exceptionLine(entry.exception));
    }
    for (const [index, verdict] of verdicts.entries()) {
      const evaluation = evaluations[index];
      if (evaluation !== undefined) logger.info('evaluated', logLine(evaluation, verdict));
    }
  } catch (error) {
    logger.error('the invocation failed', { error });
    throw error;
  } finally {
    deadline.clear();
  }
}
