import { describeDenial } from '../../aws/errors.ts';
import type { WatchedCall } from '../../aws/watchedAccess.ts';
import { admission } from '../../facts/admission.ts';
import { deniedBy } from '../../facts/deniedBy.ts';
import { principalOf } from '../../facts/readings.ts';
import type { DeniedBy } from '../../trail/facts.ts';
import { CLOSING } from '../live/unreadPlaces.ts';

/** Who may not do what on which resource, in the Regions where AWS says the same. */
export interface Denied {
  readonly accountId: string;
  readonly regions: readonly string[];
  readonly principal: string;
  readonly resource: string;
  readonly reason: string;
  readonly deniedBy: DeniedBy | null;
  /** What is to be done beside adding a permission; `null`: nothing. */
  readonly advice: string | null;
  /** Whether a permission of the principal can change it. */
  readonly isGrantable: boolean;
}

/** AWS's reason for a denied call, and what it takes; none for any other. */
export function deniedAttempt({ call, accountId, caller, outcome }: WatchedCall): readonly Denied[] {
  if (outcome.status !== 'denied') return [];
  const { refusal } = outcome;
  const cause = deniedBy(refusal.message);
  const request = { Principal: caller, AccountId: accountId, Action: call.permission, Resource: call.subject };
  return [
    {
      accountId,
      regions: [call.region],
      principal: principalOf(refusal.message, request),
      resource: call.subject,
      reason: describeDenial(call, refusal, caller),
      deniedBy: cause,
      advice: call.service === 'KMS' ? keyAdvice(admission(refusal.message, request), cause) : adviceOn(cause),
      isGrantable: !isClosedBy(cause) && cause?.isExplicit !== true,
    },
  ];
}

const isClosedBy = (cause: DeniedBy | null): cause is DeniedBy & { policy: keyof typeof CLOSING } =>
  cause !== null && Object.hasOwn(CLOSING, cause.policy);

function adviceOn(cause: DeniedBy | null): string | null {
  if (isClosedBy(cause)) return `${CLOSING[cause.policy]} has to allow it: no permission of the principal changes that`;
  if (cause === null || !cause.isExplicit) return null;
  const whose = cause.policy === 'identity' ? 'an identity-based policy of the principal' : "the resource's own policy";
  return `${whose} denies it, whatever else allows it: the Deny has to spare the principal`;
}

/** The key policy has a say beside the policies of IAM. */
const keyAdvice = (statement: string, cause: DeniedBy | null): string | null =>
  statement === '' ? adviceOn(cause) : statement.replace(/^; /, '');
