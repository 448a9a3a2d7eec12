import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { homeOf } from '../../aws/access.ts';
import { createClients } from '../../aws/clients.ts';
import { deadlineAfter } from '../../aws/deadline.ts';
import { startPorts } from '../../aws/startPorts.ts';
import { startEvaluations } from '../../rule/evaluate/startEvaluations.ts';
import { parseKeyEvent } from '../../rule/event/keyEvent.ts';
import { parseParameters } from '../../rule/parameters.ts';
import { ruleFunctionArn, ruleParameters } from '../shared/ruleParameters.ts';
import { readSettings } from '../shared/settings.ts';

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const clients = createClients();

/**
 * The Lambda function that EventBridge calls when a key changed: it has AWS Config evaluate the rule in the account and
 * home Region of every trail that uses the key.
 *
 * @throws whatever kept a rule from being started, so that Lambda tries again and at last keeps the event
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  clients.startInvocation();
  const deadline = deadlineAfter(context.getRemainingTimeInMillis());
  try {
    const { expected, externalId, evaluateEventDataStores } = readSettings(process.env);
    const { memberRoleName, keyReaderRoleName, aggregatorName } = parseParameters(ruleParameters(process.env));
    const home = homeOf(context.invokedFunctionArn);
    const changed = parseKeyEvent(event);
    if (changed === null) {
      logger.info('the event changed no key: nothing is started');
      return;
    }
    const ports = startPorts(clients, {
      reach: { home, memberRoleName, keyReaderRoleName, externalId, expected },
      aggregatorName,
      evaluateEventDataStores,
      ruleFunctionArn: ruleFunctionArn(process.env),
      caller: `the role of ${context.invokedFunctionArn}`,
      signal: deadline.signal,
    });
    // A pause that the time is too short for ends with it, and Lambda tries again later.
    const pause = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { signal: deadline.signal });
    const places = await startEvaluations(changed.key, ports, pause);
    for (const { accountId, region, outcome } of places) {
      const line = { ...changed, rule: { accountId, region } };
      if (outcome === 'no-rule') logger.warn('no rule of the function is where a trail uses the key', line);
      else logger.info('evaluation started', line);
    }
    if (places.length === 0) logger.info('no trail uses the key', { ...changed });
  } catch (error) {
    logger.error('the invocation failed', { error });
    throw error;
  } finally {
    deadline.clear();
  }
}
