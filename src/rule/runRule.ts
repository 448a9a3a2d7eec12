import { oneError } from './errors.ts';
import { deliver } from './evaluate/deliver.ts';
import { evaluateInvocation } from './evaluate/evaluateInvocation.ts';
import type { Evaluation, UnevaluatedTrail, Verdict } from './evaluate/evaluation.ts';
import type { Sleep } from './evaluate/sendEvaluations.ts';
import type { Invocation } from './event/invocation.ts';
import { parseInvocation } from './event/parseInvocation.ts';
import { type Exceptions, NO_EXCEPTIONS } from './exceptions/exceptions.ts';
import { exceptionsInEffect } from './exceptions/exceptionsInEffect.ts';
import { parseParameters, type RuleParameters } from './parameters.ts';
import type { RulePorts } from './ports.ts';

/** Binds the ports to the account and Region of an invocation. */
export type Connect = (invocation: Invocation, parameters: RuleParameters) => RulePorts;

interface RuleOptions {
  readonly exceptions?: Exceptions;
  readonly sleep?: Sleep;
  /** Called once with what AWS Config was told, all of it or not, before the invocation ends or fails. */
  readonly publish?: (result: RuleResult) => Promise<void>;
}

/** What one invocation came to. */
export interface RuleResult {
  readonly invocation: Invocation;
  readonly parameters: RuleParameters;
  /** Those that were applied, whether in force or over. */
  readonly exceptions: Exceptions;
  /** Sent to AWS Config, all of them taken. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluation, in the same order. */
  readonly verdicts: readonly Verdict[];
  /** Trails that are left without a verdict. Where there are any, only `publish` sees it: the invocation fails. */
  readonly unevaluated: readonly UnevaluatedTrail[];
}

/**
 * The rule: event → Invocation → trails → facts → findings → standing → Evaluation → PutEvaluations.
 *
 * @throws InvalidInvocationError, InvalidParameterError before anything is read; InvalidExceptionsError before anything is
 * evaluated. UnevaluatedTrailsError, UndeliveredEvaluationsError, what a port or `publish` throws (an AggregateError of several)
 * after everything else was sent and published: the invocation must fail, so that it is tried again.
 */
export async function runRule(event: unknown, connect: Connect, options: RuleOptions = {}): Promise<RuleResult> {
  const invocation = parseInvocation(event);
  const parameters = parseParameters(invocation.ruleParameters);
  const ports = connect(invocation, parameters);
  const exceptions = await exceptionsInEffect(parameters, ports, options.exceptions ?? NO_EXCEPTIONS);
  const evaluated = evaluateInvocation(invocation, { ports, parameters, exceptions });
  const { sent, unevaluated, troubles } = await deliver(evaluated, ports, options.sleep);
  const result: RuleResult = {
    invocation,
    parameters,
    exceptions,
    evaluations: sent.map(({ evaluation }) => evaluation),
    verdicts: sent.map(({ verdict }) => verdict),
    unevaluated,
  };
  try {
    await options.publish?.(result);
  } catch (error) {
    troubles.push(error);
  }
  if (troubles.length > 0) throw oneError(troubles);
  return result;
}
