import type { UnjudgedTrail } from './centralTrails.ts';
import type { Evaluation } from './evaluation.ts';

/** What a person handed in is wrong: one sentence that names the member and what is accepted. */
export class InvalidInputError extends Error {
  override readonly name: string = 'InvalidInputError';
  /** Where it is wrong: `invokingEvent.configurationItem.resourceId`, `exceptions[0].expires`, a parameter's name. */
  readonly member: string;

  constructor(member: string, problem: string, options?: ErrorOptions) {
    super(`\`${member}\` ${problem}`, options);
    this.member = member;
  }
}

/** The Lambda event cannot be understood. */
export class InvalidInvocationError extends InvalidInputError {
  override readonly name = 'InvalidInvocationError';
}

/** A rule parameter is unknown, or its value is not accepted. */
export class InvalidParameterError extends InvalidInputError {
  override readonly name = 'InvalidParameterError';
}

/** The exceptions document cannot be understood; it is never read as "no exceptions". */
export class InvalidExceptionsError extends InvalidInputError {
  override readonly name = 'InvalidExceptionsError';
}

/** AWS Config went on refusing evaluations: the invocation must fail, so that Lambda tries it again. */
export class UndeliveredEvaluationsError extends Error {
  override readonly name = 'UndeliveredEvaluationsError';
  readonly evaluations: readonly Evaluation[];

  constructor(evaluations: readonly Evaluation[], attempts: number) {
    const first = evaluations[0]?.ComplianceResourceId ?? '';
    super(
      `AWS Config did not take ${evaluations.length} evaluations in ${attempts} attempts, the first is of \`${first}\``,
    );
    this.evaluations = evaluations;
  }
}

/** Trails with an open finding are missing from the aggregator's list and not gone: the list is wrong, and somebody must look. */
export class VanishedTrailsError extends Error {
  override readonly name = 'VanishedTrailsError';
}

/** Trails of the organization are left without a verdict: the invocation must fail, so that Lambda tries it again. */
export class UnjudgedTrailsError extends Error {
  override readonly name = 'UnjudgedTrailsError';

  constructor(trails: readonly UnjudgedTrail[]) {
    const [first] = trails;
    super(`trails without a verdict: ${trails.length}, the first is \`${first?.trailArn}\`: ${first?.reason}`);
  }
}
