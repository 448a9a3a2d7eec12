import type { StatementExplanation } from '../policy/decision.ts';
import { explain } from '../policy/explain.ts';
import { controlsOver } from '../policy/principal.ts';
import type { CheckOptions } from './check.ts';
import type { KeyFacts, Reading, TrailFacts } from './facts.ts';
import { keyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { type FileAccess, type PrincipalAccess, principalAccess } from './principalAccess.ts';

/** Why a key's policies let a principal use the key for a kind of a trail's files, or do not. */
export interface FileExplanation extends FileAccess {
  /** Every statement of the key policy: those that apply first, then the nearest miss. */
  readonly statements: readonly StatementExplanation[];
  /** The Deny statements of resource control policies that apply, or that nobody can rule out. */
  readonly resourceControlStatements: readonly StatementExplanation[];
}

export interface PrincipalExplanation extends Omit<PrincipalAccess, 'files'> {
  readonly files: readonly FileExplanation[];
  /** Why resource control policies were not examined; `null` where they were. */
  readonly unexamined: string | null;
}

/** Explains what a principal may do for a trail's files; unread where the key's policy is not known or not valid. */
export function explainPrincipal(
  trail: TrailFacts,
  key: KeyFacts,
  options: CheckOptions,
  arn: string,
  action: string,
): Reading<PrincipalExplanation> {
  const reading = keyPolicySubject(trail, key, options);
  if (!reading.read) return reading;
  const subject = reading.value;
  const access = principalAccess(newQuestion(subject), arn, action);
  const files = access.files.map((file) => ({
    ...file,
    statements: explain(subject.written, file.request),
    resourceControlStatements: controlsOver(file.request.principal, subject.resourceControlPolicies)
      .flatMap((policy) => explain(policy, file.request))
      .filter(({ effect, applies }) => effect === 'Deny' && applies !== 'no'),
  }));
  return { ...reading, value: { ...access, files, unexamined: subject.unexamined } };
}
