import { callerRequest } from './adversaries.ts';
import type { CallerAccess } from './callerAccess.ts';
import { type CheckResult, fail, undecided } from './checkResult.ts';
import { type KeyPolicySubject, newQuestion } from './keyPolicySubject.ts';
import { quoted } from './refusals.ts';
import { editPolicy } from './remedies.ts';
import { byKeyPolicyAlone, denyingControls } from './resourceControl.ts';

/** What somebody has to be able to do. */
interface Wanted {
  readonly ask: (subject: KeyPolicySubject) => CallerAccess;
  readonly action: string;
  /** "decrypt the logs". */
  readonly doing: string;
  readonly exempts: 'readers' | 'administrators';
}

/**
 * The finding where resource control policies keep everybody from what the key policy alone lets somebody do; `null`: it is
 * not they.
 */
export function shutOutByControls(
  subject: KeyPolicySubject,
  answer: Exclude<CallerAccess, { possible: 'yes' }>,
  { ask, action, doing, exempts }: Wanted,
): CheckResult | null {
  if (subject.resourceControlPolicies.length === 0) return null;
  const alone = ask(newQuestion(byKeyPolicyAlone(subject)));
  if (alone.possible !== 'yes') return null;
  const statements = denyingControls(subject, callerRequest(subject, alone.caller, action), true);
  const why = `Deny ${quoted(statements)} of a resource control policy`;
  const remedy = editPolicy({ edit: 'exempt-in-resource-control-policy', statements, exempts });
  if (answer.possible === 'no')
    return fail(`nobody can ${doing}: ${why} applies`, remedy, { statements, dependsOn: [] });
  const message = `whether anybody can ${doing} is open: ${why} may apply: ${answer.reason}`;
  return undecided(message, remedy, { statements, dependsOn: answer.decision.dependsOn });
}
