import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createClients } from '../aws/clients.ts';
import { deadlineAfter } from '../aws/deadline.ts';
import { awsPorts } from '../aws/ports.ts';
import { runRule } from '../rule/runRule.ts';
import { logLine } from './logLine.ts';

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
    const { evaluations, verdicts } = await runRule(event, (invocation, parameters) =>
      awsPorts(clients, {
        ...invocation,
        readRotation: parameters.requireKeyRotation,
        caller: `the role of ${context.invokedFunctionArn}`,
        signal: deadline.signal,
      }),
    );
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
