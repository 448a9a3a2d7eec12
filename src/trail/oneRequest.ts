import { type CheckResult, fail, inBrief, pass, undecided } from './checkResult.ts';
import { grantedInstead } from './grantedAccess.ts';
import { doubtRemedy, grantRemedy } from './grantRemedy.ts';
import type { KeyPolicySubject, RequestSubject } from './keyPolicySubject.ts';
import { editPolicy } from './remedies.ts';
import type { PolicyEdit } from './remedy/policyEdits.ts';
import type { CloudTrailRequest } from './requests.ts';
import * as access from './serviceAccess.ts';
import type { StatementDocument } from './statements.ts';

/** What a check asks of one request of CloudTrail's. */
interface OneRequest {
  readonly request: (subject: RequestSubject) => CloudTrailRequest;
  /** "CloudTrail may ...". */
  readonly may: string;
  /** "CloudTrail may not ..., and what that means". */
  readonly mayNot: string;
  /** What would allow it. */
  readonly statement: () => StatementDocument;
  /** What a person does where the answer is open. */
  readonly otherwise: PolicyEdit;
}

/** Decides a check that is about one request of CloudTrail's. */
export function decideRequest(
  subject: KeyPolicySubject,
  { request, may, mayNot, statement, otherwise }: OneRequest,
): CheckResult {
  const all = access.answers(subject, [request(subject)]);
  const evidence = access.evidenceOf(all);
  const denied = access.deniedOf(all);
  if (denied.length > 0) {
    const open = grantedInstead(subject, (granted) => [request(granted)]);
    const remedy = grantRemedy(subject, denied, statement());
    if (open !== null) return undecided(`whether ${may} is open: ${open}`, remedy);
    const failure = fail(`${mayNot}: ${access.refusalsInWords(denied)}`, remedy, evidence);
    return inBrief(access.refusalsInBrief(denied), failure);
  }
  if (access.unknownOf(all).length === 0) return pass(may, evidence);
  const remedy = doubtRemedy(subject, all, editPolicy(otherwise));
  return undecided(`whether ${may} is open: ${access.doubtsInWords(all)}`, remedy, evidence);
}
