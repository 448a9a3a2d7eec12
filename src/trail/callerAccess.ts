import type { KeyPolicy } from '../policy/parse.ts';
import type { AccessRequest } from '../policy/request.ts';
import type { PatternElement } from '../policy/statement.ts';
import { type AccessAnswer, askAccess } from './accessQuestion.ts';
import { distinctKinds } from './actionKinds.ts';
import { anyPrincipalOf, type CallingPrincipal, callerRequest, namedCaller } from './adversaries.ts';
import { matchesPattern } from './arn.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { isKmsAction, KMS_ACTIONS, USES_BY_OUTSIDERS } from './kmsActions.ts';
import { accountsOfPrincipals, distinct, isForAwsPrincipals, namedPrincipals } from './policyNames.ts';
import { ownAccounts } from './trust.ts';

export type CallerAccess =
  | Exclude<AccessAnswer, { possible: 'yes' }>
  | (Extract<AccessAnswer, { possible: 'yes' }> & { readonly caller: CallingPrincipal });

/**
 * Whether one of several callers may take one of several actions; the first that may is the answer. `known` are keys
 * that the call is known to carry, beside the callers' own; `directly` leaves out what IAM policies would have to allow.
 */
export function anyMay(
  subject: KeyPolicySubject,
  callers: Iterable<CallingPrincipal>,
  actions: readonly string[],
  { known = {}, directly = false }: { readonly known?: AccessRequest['context']; readonly directly?: boolean } = {},
): CallerAccess {
  let open: CallerAccess = { possible: 'no' };
  for (const caller of callers) {
    for (const action of distinctKinds(subject, actions)) {
      const request = callerRequest(subject, caller, action);
      const answer = askAccess(subject, { ...request, directly, context: { ...request.context, ...known } });
      if (answer.possible === 'yes') return { ...answer, caller };
      if (answer.possible === 'open') open = answer;
      // What is left of the question would stay open too.
      if (open.possible === 'open' && subject.work.left < 0) return open;
    }
  }
  return open;
}

/**
 * Everybody whom the policies could allow by name or by account, the principals of the key's and the trail's account first:
 * mostly the first is asked alone.
 */
export function* everybodyNamed(subject: KeyPolicySubject): Generator<CallingPrincipal> {
  const accounts = distinct([...ownAccounts(subject), ...accountsOfPrincipals(subject.policies)]);
  for (const account of accounts) yield anyPrincipalOf(subject, account);
  const roots = accounts.map((account) => `arn:${subject.trail.partition}:iam::${account}:root`);
  for (const arn of distinct([...namedPrincipals(subject.policies), ...roots])) yield namedCaller(subject, arn);
}

/** Those of some actions that an Allow statement for AWS principals admits. */
export function admittedOf({ policies }: KeyPolicySubject, actions: readonly string[]): readonly string[] {
  const elements = actionsForPrincipals(policies);
  return actions.filter((action) => elements.some((element) => takesIn(element, action)));
}

const actionsForPrincipals = (policies: readonly KeyPolicy[]): readonly PatternElement[] =>
  policies
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.effect === 'Allow' && isForAwsPrincipals(statement))
    .flatMap(({ action }) => (action === null ? [] : [action]));

/**
 * Actions that Allow statements for AWS principals speak of, the sensitive ones first. An entry that matches nothing that
 * is known of KMS may name something new, and stands for itself without its wildcards.
 */
export function admittedActions(policy: KeyPolicy): readonly string[] {
  const elements = actionsForPrincipals([policy]);
  const known = KMS_ACTIONS.filter((action) => elements.some((element) => takesIn(element, action)));
  const others = elements.flatMap(({ patterns }) => patterns).filter((entry) => !isKmsAction(entry));
  return distinct([
    ...GRAVEST_FIRST,
    ...known,
    ...others.map((entry) => entry.replaceAll('*', '').replaceAll('?', 'x')),
  ]);
}

const GRAVEST_FIRST = [...USES_BY_OUTSIDERS, 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'];

/** Whether Action or NotAction takes an action in. */
export const takesIn = ({ negated, patterns }: PatternElement, action: string): boolean =>
  patterns.some((entry) => covers(entry, action)) !== negated;

/** Whether an entry of Action covers an action. */
export const covers = (entry: string, action: string): boolean =>
  matchesPattern(action.toLowerCase(), entry.toLowerCase());
