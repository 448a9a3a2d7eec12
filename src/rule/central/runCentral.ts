import { InvalidParameterError } from '../errors.ts';
import type { TrailPorts } from '../evaluate/evaluateTrails.ts';
import { NO_EXCEPTIONS } from '../exceptions/exceptions.ts';
import { exceptionsInEffect } from '../exceptions/exceptionsInEffect.ts';
import { parseParameters, type RuleParameters } from '../parameters.ts';
import type { RulePorts } from '../ports.ts';
import { type ListPorts, listTrails } from './centralList.ts';
import { type CentralRun, finishRun, type Publisher } from './centralRun.ts';
import type { CentralTask } from './centralTask.ts';
import { evaluateListed } from './evaluateListed.ts';

/** What the central evaluation reads. */
export interface CentralPorts extends TrailPorts, ListPorts, Pick<RulePorts, 'exceptionDocuments'> {}

/** Binds the ports to the parameters. */
export type ConnectCentral = (parameters: RuleParameters) => CentralPorts;

/**
 * The central evaluation in one process: aggregator → trails, each once → facts → findings → verdicts → publisher. A state
 * machine takes the same steps one by one (`steps.ts`).
 *
 * @param rawParameters the rule's parameters; `aggregatorName` is required
 * @throws InvalidInputError before anything is evaluated; UnevaluatedTrailsError after everything else was published; what
 * listing the trails throws
 */
export async function runCentral(
  rawParameters: unknown,
  task: CentralTask,
  connect: ConnectCentral,
  publisher: Publisher,
): Promise<CentralRun> {
  const { parameters, ports } = connected(rawParameters, connect);
  const exceptions = await exceptionsInEffect(parameters, ports, NO_EXCEPTIONS);
  const list = await listTrails(task, ports);
  const result = await evaluateListed(list.trails, { ports, parameters, exceptions, publish: publisher.publish });
  return finishRun({ task, parameters, exceptions }, list, [result], publisher);
}

/** @throws InvalidParameterError */
export function connected(rawParameters: unknown, connect: ConnectCentral) {
  const parameters = parseParameters(rawParameters);
  if (parameters.aggregatorName === null)
    throw new InvalidParameterError('aggregatorName', 'is missing: the trails are listed from a Config aggregator');
  return { parameters, ports: connect(parameters) };
}
