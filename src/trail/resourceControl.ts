import { explain } from '../policy/explain.ts';
import { controlsOver } from '../policy/principal.ts';
import type { AccessRequest } from '../policy/request.ts';
import { decide } from './accessQuestion.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import type { PolicyEdit } from './remedy/policyEdits.ts';

/** The Deny statements of resource control policies that apply to a request; with `possibly` those that may, too. */
export function denyingControls(
  { resourceControlPolicies }: KeyPolicySubject,
  request: AccessRequest,
  possibly = false,
): readonly string[] {
  return controlsOver(request.principal, resourceControlPolicies).flatMap((policy) =>
    explain(policy, request)
      .filter(({ effect, applies }) => effect === 'Deny' && (applies === 'yes' || (possibly && applies === 'unknown')))
      .map(({ statement }) => statement),
  );
}

/** The same policies without the resource control policies: what the key's owner decides alone. */
export const byKeyPolicyAlone = (subject: KeyPolicySubject): KeyPolicySubject => ({
  ...subject,
  resourceControlPolicies: [],
});

/** What resource control policies have to do with an open answer. */
export interface ControlDoubt {
  /** Deny statements that apply, or that nobody can rule out. */
  readonly statements: readonly string[];
  /** Without them the answer is yes: nothing in the key policy is in doubt. */
  readonly isAll: boolean;
}

/** `null` where they have nothing to do with it. */
export function controlDoubt(subject: KeyPolicySubject, request: AccessRequest): ControlDoubt | null {
  const statements = denyingControls(subject, request, true);
  if (statements.length === 0) return null;
  return { statements, isAll: decide(byKeyPolicyAlone(subject), request).outcome === 'allowed' };
}

/** Condition keys that requests of services alone carry: a statement with one of them is aimed at services. */
const OF_SERVICES: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalIsAWSService',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
  ].map((key) => key.toLowerCase()),
);

/**
 * What lets CloudTrail's request past Deny statements of resource control policies. To exempt every service from a
 * statement that is aimed at services would leave nothing of it: of such a one the trail alone is exempted.
 */
export function exemptCloudTrail(subject: KeyPolicySubject, statements: readonly string[]): PolicyEdit {
  const named = subject.resourceControlPolicies
    .flatMap((policy) => policy.statements)
    .filter(({ label }) => statements.includes(label));
  const isForServices = named.some(({ conditions }) =>
    conditions.some(({ key }) => OF_SERVICES.has(key.toLowerCase())),
  );
  return isForServices
    ? { edit: 'exempt-in-resource-control-policy', statements, exempts: 'trail', trailArn: subject.trail.arn }
    : { edit: 'exempt-in-resource-control-policy', statements, exempts: 'services' };
}
