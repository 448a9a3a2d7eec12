import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { type Home, homeOfRule } from '../../aws/access.ts';
import { isRestricted } from '../../aws/accounts.ts';
import { createClients } from '../../aws/clients.ts';
import { timeSlices } from '../../aws/deadline.ts';
import { awsPorts } from '../../aws/ports.ts';
import { usageMeter } from '../../aws/requestUsage.ts';
import { isTrial } from '../../aws/resultToken.ts';
import { lesserFactsDecideNothing } from '../../rule/evaluate/lesserFacts.ts';
import { tallyOf } from '../../rule/evaluate/tally.ts';
import type { Invocation } from '../../rule/event/invocation.ts';
import { isInForce } from '../../rule/exceptions/exceptions.ts';
import type { RuleParameters } from '../../rule/parameters.ts';
import { type Connect, type RuleResult, runRule } from '../../rule/runRule.ts';
import { exceptionLine, logLine, workLine } from '../shared/logLine.ts';
import { addExceptionMetrics, addUsageMetrics, addVerdictMetrics, metricsOf, writeMetrics } from '../shared/metrics.ts';
import { readSettings } from '../shared/settings.ts';
import { keepHeapSmall } from '../shared/smallHeap.ts';

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const metrics = metricsOf('config-rule');
const meter = usageMeter();
/** What an ordinary change of a trail takes: an invocation that makes more is a long one, which the heap is kept small for. */
const REQUESTS_OF_A_CHANGE = 8;
const clients = createClients(
  {},
  {
    record(milliseconds, error) {
      meter.record(milliseconds, error);
      if (meter.used().requests === REQUESTS_OF_A_CHANGE) keepHeapSmall();
    },
  },
);

/**
 * The Lambda function behind the AWS Config rule.
 *
 * @throws whatever kept evaluations from being reported, after the others were reported, counted and imported, so that
 * Lambda tries again and at last keeps the event
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const { evaluation, listing, reporting } = timeSlices(context.getRemainingTimeInMillis());
  const started = performance.now();
  meter.reset();
  clients.startInvocation();
  const caller = `the role of ${context.invokedFunctionArn}`;
  try {
    const { expected, externalId, readResourceControlPolicies, evaluateEventDataStores, importFindings } = readSettings(
      process.env,
    );
    const homeFor = ({ memberRoleName }: RuleParameters, invocation: Invocation): Home =>
      homeOfRule(context.invokedFunctionArn, invocation, memberRoleName !== null || isRestricted(expected));
    const connect: Connect = (invocation, parameters) => {
      const { memberRoleName, keyReaderRoleName, aggregatorName, requireKeyRotation } = parameters;
      const home = homeFor(parameters, invocation);
      return awsPorts(clients, {
        ...invocation,
        readRotation: requireKeyRotation,
        throttledIsUnread: lesserFactsDecideNothing(parameters),
        readResourceControlPolicies,
        evaluateEventDataStores,
        aggregatorName,
        caller,
        reach: { home, memberRoleName, keyReaderRoleName, externalId, expected },
        signal: evaluation.signal,
        listingSignal: listing.signal,
        reportingSignal: reporting.signal,
      });
    };
    const publish = async (result: RuleResult): Promise<void> => {
      const now = new Date();
      log(result, now, workLine(started, meter.used()));
      count(result, now);
      if (!importFindings || isTrial(result.invocation.resultToken)) return;
      const { findingsOf, storeOf } = await import('../shared/securityHub.ts');
      const home = homeFor(result.parameters, result.invocation);
      const findings = findingsOf(result.verdicts, { home, excluded: result.parameters.securityHubExclude, now });
      await storeOf(clients, home, caller, reporting.signal).importFindings(findings);
    };
    await runRule(event, connect, { publish });
  } catch (error) {
    logger.error('the invocation failed', { error });
    throw error;
  } finally {
    for (const deadline of [evaluation, listing, reporting]) deadline.clear();
    addUsageMetrics(metrics, meter.used());
    writeMetrics(metrics);
    keepHeapSmall();
  }
}

function log({ exceptions, evaluations, verdicts, unevaluated }: RuleResult, now: Date, work: object): void {
  for (const entry of exceptions) {
    logger.info(isInForce(entry, now) ? 'exception in force' : 'exception expired', exceptionLine(entry.exception));
  }
  for (const [index, verdict] of verdicts.entries()) {
    const evaluation = evaluations[index];
    if (evaluation !== undefined) logger.info('evaluated', { ...logLine(evaluation, verdict), ...work });
  }
  for (const trail of unevaluated) logger.error('no verdict', { ...trail });
}

function count({ exceptions, verdicts }: RuleResult, now: Date): void {
  addVerdictMetrics(metrics, tallyOf(verdicts));
  addExceptionMetrics(metrics, exceptions, now);
}
