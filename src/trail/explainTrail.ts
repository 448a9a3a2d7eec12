import type { Decision, StatementExplanation } from '../policy/decision.ts';
import { explain } from '../policy/explain.ts';
import { decide } from './accessQuestion.ts';
import type { CheckOptions } from './check.ts';
import { cloudTrailRequests } from './cloudTrailRequests.ts';
import type { KeyFacts, Reading, TrailFacts } from './facts.ts';
import { keyPolicySubject } from './keyPolicySubject.ts';
import { refusal } from './refusals.ts';
import type { RequestPurpose } from './requests.ts';
import { isDenied } from './serviceAccess.ts';

/** Why the policies answer one of CloudTrail's requests as they do. */
export interface RequestExplanation {
  readonly purpose: RequestPurpose;
  readonly action: string;
  readonly decision: Decision;
  /** Why it is denied, as the findings say it; `null` unless it definitely is. */
  readonly refusal: string | null;
  /** Every statement of the key policy: those that apply first, then the nearest miss. */
  readonly statements: readonly StatementExplanation[];
  /** The Deny statements of resource control policies that apply, or that nobody can rule out. */
  readonly resourceControlStatements: readonly StatementExplanation[];
}

/** Explains each of CloudTrail's requests for a trail; unread where the key's policy is not known or not valid. */
export function explainTrail(
  trail: TrailFacts,
  key: KeyFacts,
  options: CheckOptions,
): Reading<readonly RequestExplanation[]> {
  const reading = keyPolicySubject(trail, key, options);
  if (!reading.read) return reading;
  const subject = reading.value;
  const requests = cloudTrailRequests(subject);
  const value = requests.map(({ purpose, request }): RequestExplanation => {
    const resourceControlStatements = subject.resourceControlPolicies
      .flatMap((policy) => explain(policy, request))
      .filter(({ effect, applies }) => effect === 'Deny' && applies !== 'no');
    const statements = explain(subject.written, request);
    const decision = decide(subject, request);
    const why = isDenied(decision) ? refusal(subject, request).why : null;
    return { purpose, action: request.action, decision, refusal: why, statements, resourceControlStatements };
  });
  return { ...reading, value };
}
