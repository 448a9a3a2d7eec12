import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { deadlineAfter } from '../../aws/deadline.ts';
import { InvalidInputError } from '../../rule/errors.ts';
import { keepHeapSmall } from '../shared/smallHeap.ts';
import { hookOutcome } from './answerHook.ts';
import { type HookAnswer, type HookOutcome, internalFailure, MESSAGE_LENGTH } from './hookAnswer.ts';
import { clientRequestToken, whereabouts } from './hookInvocation.ts';
import { hookParameters } from './hookParameters.ts';

keepHeapSmall();
const logger = new Logger({ serviceName: 'cloudtrail-kms-hook' });

/** Kept for evaluating a template once it is there, in milliseconds. */
const EVALUATION_TIME = 15_000;
/** Kept for the answer when the time for evaluating is up, in milliseconds. */
const ANSWERING_TIME = 3_000;

/**
 * The Lambda function behind the CloudFormation Lambda Hook: says before deployment whether a trail or a key for
 * CloudTrail would fail. It always answers: what it could not evaluate is an InternalFailure, never a SUCCESS.
 */
export async function handler(event: unknown, context: Context): Promise<HookAnswer> {
  logger.addContext(context);
  const remaining = context.getRemainingTimeInMillis();
  const deadline = deadlineAfter(remaining - Math.min(EVALUATION_TIME, remaining / 2));
  try {
    const answerBy = Date.now() + remaining - Math.min(ANSWERING_TIME, remaining / 3);
    const outcome = await evaluate(event, deadline.signal, answerBy);
    logger.info('answered', { answer: outcome, ...whereabouts(event) });
    return { ...outcome, clientRequestToken: clientRequestToken(event) };
  } finally {
    deadline.clear();
  }
}

async function evaluate(event: unknown, signal: AbortSignal, answerBy: number): Promise<HookOutcome> {
  try {
    const parameters = hookParameters(process.env);
    const surroundings = { parameters, signal, allowedOrigin: testOrigin(), now: new Date(), answerBy };
    return await hookOutcome(event, surroundings);
  } catch (error) {
    logger.error('the invocation could not be evaluated', { error });
    const why =
      error instanceof InvalidInputError ? error.message : 'an internal error, which the log of the function tells';
    return internalFailure(`cloudtrail-kms-rule could not evaluate this: ${why}`, MESSAGE_LENGTH.cloudControl);
  }
}

/** With AWS_ENDPOINT_URL set, AWS is there, as in tests. */
function testOrigin(): string | null {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
  return URL.canParse(endpoint) ? new URL(endpoint).origin : null;
}
