import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { homeOf } from '../../aws/access.ts';
import { centralPorts } from '../../aws/centralPorts.ts';
import { createClients } from '../../aws/clients.ts';
import { deadlineAfter } from '../../aws/deadline.ts';
import { usageMeter } from '../../aws/requestUsage.ts';
import { parseCentralStep } from '../../rule/central/centralStep.ts';
import { centralSettings, parseCentralTask } from '../../rule/central/centralTask.ts';
import { type ConnectCentral, runCentral } from '../../rule/central/runCentral.ts';
import type { StepOutput } from '../../rule/central/steps.ts';
import { InvalidParameterError } from '../../rule/errors.ts';
import { lesserFactsDecideNothing } from '../../rule/evaluate/lesserFacts.ts';
import { workLine } from '../shared/logLine.ts';
import { addUsageMetrics, metricsOf, writeMetrics } from '../shared/metrics.ts';
import { ruleParameters } from '../shared/ruleParameters.ts';
import { readSettings } from '../shared/settings.ts';
import { centralPublisher } from './centralPublisher.ts';

/** Kept back from the time of the invocation to publish what was evaluated, in milliseconds. */
const PUBLISHING_TIME = 30_000;

const logger = new Logger({ serviceName: 'cloudtrail-kms-rule' });
const metrics = metricsOf('central-evaluation');
const meter = usageMeter();
const clients = createClients({}, meter);

/**
 * The Lambda function that evaluates every trail of the organization once, from a Config aggregator: in one invocation,
 * after a schedule or a change of a key, or in those of a state machine.
 *
 * @returns what the state machine is told
 * @throws whatever left trails without a verdict, after the others were published, so that Lambda or the state machine
 * tries again
 */
export async function handler(event: unknown, context: Context): Promise<StepOutput | undefined> {
  logger.addContext(context);
  const started = performance.now();
  meter.reset();
  clients.startInvocation();
  const remaining = context.getRemainingTimeInMillis();
  const deadline = deadlineAfter(remaining - Math.min(PUBLISHING_TIME, remaining / 10));
  const end = deadlineAfter(remaining);
  const caller = `the role of ${context.invokedFunctionArn}`;
  try {
    const settings = readSettings(process.env);
    const home = homeOf(context.invokedFunctionArn);
    const given = centralSettings(process.env);
    const step = parseCentralStep(event);
    const task = step === null ? parseCentralTask(event, given) : null;
    if (step === null && task === null) {
      logger.info('the event changed no key: nothing is evaluated');
      return undefined;
    }
    const rawParameters = ruleParameters(process.env);
    const work = () => workLine(started, meter.used());
    // What is tried again has the same id.
    const run = step?.run ?? context.awsRequestId;
    const publishing = { logger, metrics, clients, home, caller, settings, rawParameters, run, work };
    const publisher = await centralPublisher({ ...publishing, signal: end.signal });
    const connect: ConnectCentral = ({ memberRoleName, keyReaderRoleName, aggregatorName, ...parameters }) =>
      centralPorts(clients, {
        readRotation: parameters.requireKeyRotation,
        throttledIsUnread: lesserFactsDecideNothing(parameters),
        readResourceControlPolicies: settings.readResourceControlPolicies,
        evaluateEventDataStores: settings.evaluateEventDataStores,
        // INVARIANT: parameters without an aggregator are refused before.
        aggregatorName: aggregatorName ?? '',
        caller,
        reach: {
          home,
          memberRoleName,
          keyReaderRoleName,
          externalId: settings.externalId,
          expected: settings.expected,
        },
        signal: deadline.signal,
      });
    if (task !== null) await runCentral(rawParameters, task, connect, publisher);
    if (step === null) return undefined;
    const bucket = settings.runsBucket;
    if (bucket === null)
      throw new InvalidParameterError('RUNS_BUCKET', 'is missing: the steps of a state machine keep what they hand on');
    const { runStore } = await import('../../aws/runStore.ts');
    const { runStep } = await import('../../rule/central/steps.ts');
    const store = runStore(clients, { home, bucket, run: step.run, caller, signal: end.signal });
    return await runStep(step, { rawParameters, settings: given, connect, publisher, store });
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
