import type { Condition, Statement } from '../policy/statement.ts';
import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';

type Exemption = { readonly edit: 'exempt-services' } | { readonly edit: 'exempt-trail'; readonly trailArn: string };

/**
 * How a Deny is made to spare CloudTrail: AWS's exemption of its services, or the trail alone where the Deny is meant for
 * services, or where it is all that keeps the trails of others out.
 */
export function denyExemption({ policy, trail }: KeyPolicySubject, denies: readonly string[]): Exemption {
  const isSafe = policy.statements.every((statement) =>
    statement.effect === 'Allow'
      ? !mayCoverCloudTrail(statement) || statement.conditions.some(bindsToAccount)
      : !denies.includes(statement.label) || !isForServices(statement),
  );
  return isSafe ? { edit: 'exempt-services' } : { edit: 'exempt-trail', trailArn: trail.arn };
}

const mayCoverCloudTrail = ({ principal: { negated, everyone, aws, service } }: Statement): boolean =>
  negated || everyone || aws.includes('*') || service.includes(CLOUDTRAIL);

const isForServices = ({ principal, conditions }: Statement): boolean =>
  (!principal.negated && principal.service.length > 0) || conditions.some(({ key }) => OF_SERVICES.test(key));

const OF_SERVICES = new RegExp(
  `^(aws:Source(Arn|Account|Org.*)|aws:PrincipalIsAWSService|aws:PrincipalServiceName.*|${TRAIL_CONTEXT_KEY})$`,
  'i',
);

/** Whose trail it is, or whose principal: one that names an account in each value, and is no negation. */
const bindsToAccount = ({ operator, key, values }: Condition): boolean =>
  BINDING.test(key) &&
  !/not|null|ifexists|forallvalues/i.test(operator) &&
  values.every((value) => /\d{12}/.test(value));

const BINDING = new RegExp(`^(aws:Source(Arn|Account)|kms:CallerAccount|${TRAIL_CONTEXT_KEY})$`, 'i');
