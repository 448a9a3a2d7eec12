import type { Evaluation, UnevaluatedTrail } from './evaluate/evaluation.ts';

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

/** AWS Config does not have every evaluation: the invocation must fail, so that Lambda tries it again. */
export class UndeliveredEvaluationsError extends Error {
  override readonly name = 'UndeliveredEvaluationsError';
  readonly evaluations: readonly Evaluation[];

  /** @param trouble what kept them from being sent, where it was not AWS Config's refusal */
  constructor(evaluations: readonly Evaluation[], attempts: number, trouble?: { readonly cause: unknown }) {
    const first = `the first is of \`${evaluations[0]?.ComplianceResourceId ?? ''}\``;
    const what = `AWS Config did not take ${evaluations.length} evaluations`;
    super(
      trouble ? `${what}, ${first}: ${messageOf(trouble.cause)}` : `${what} in ${attempts} attempts, ${first}`,
      trouble,
    );
    this.evaluations = evaluations;
  }
}

/** Trails with an open finding are missing from the aggregator's list and not gone: the list is wrong, and somebody must look. */
export class VanishedTrailsError extends Error {
  override readonly name = 'VanishedTrailsError';
}

/** Trails that an error names; the log names every one. */
const TRAILS_NAMED = 50;

/** In place of the event data stores of a run that cannot list them. Not without a name, which would stand for any trail. */
export const storesUnlisted = (accountId: string | null, reason: string): UnevaluatedTrail => ({
  trailArn: 'arn:*:cloudtrail:*:*:eventdatastore/*',
  accountId,
  isOrganization: false,
  reason: `the event data stores are not listed: ${reason}`,
});

/** Trails are left without a verdict: the invocation must fail, so that Lambda tries it again. */
export class UnevaluatedTrailsError extends Error {
  override readonly name = 'UnevaluatedTrailsError';
  readonly trails: readonly UnevaluatedTrail[];

  constructor(trails: readonly UnevaluatedTrail[]) {
    const [first, ...others] = trails;
    const named = others.slice(0, TRAILS_NAMED - 1).map(({ trailArn }) => `\`${trailArn}\``);
    const rest = named.length === 0 ? '' : `; the others are ${named.join(', ')}`;
    const more = others.length > named.length ? ` and ${others.length - named.length} more` : '';
    super(
      `trails without a verdict: ${trails.length}, the first is \`${first?.trailArn}\`: ${first?.reason}${rest}${more}`,
    );
    this.trails = trails;
  }
}

/** The one thing that went wrong, or an error that says each. */
export const oneError = (errors: readonly unknown[]): unknown =>
  errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(messageOf).join('; '));

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
