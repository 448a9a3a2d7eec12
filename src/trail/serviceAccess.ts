import type { Decision } from '../policy/decision.ts';
import { decide, inWorld } from './accessQuestion.ts';
import type { Evidence } from './check.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { distinct } from './policyNames.ts';
import { type AccessRefusal, quoted, refusal } from './refusals.ts';
import type { CloudTrailRequest, RequestPurpose } from './requests.ts';
import { type ControlDoubt, controlDoubt } from './resourceControl.ts';

/** What the policies answer to one of CloudTrail's requests. */
export interface ServiceAnswer {
  readonly purpose: RequestPurpose;
  readonly decision: Decision;
  /** Why it is denied; `null` unless it definitely is. */
  readonly refusal: AccessRefusal | null;
  /** What resource control policies have to do with it where it is unknown; `null`: nothing. */
  readonly control: ControlDoubt | null;
}

/** An answer that is definitely no. */
export interface Denial extends ServiceAnswer {
  readonly refusal: AccessRefusal;
}

/** Puts CloudTrail's requests to the policies. */
export function answers(subject: KeyPolicySubject, requests: readonly CloudTrailRequest[]): readonly ServiceAnswer[] {
  return requests.map(({ purpose, request }) => {
    const decision = decide(subject, request);
    return {
      purpose,
      decision,
      refusal: isDenied(decision) ? refusal(subject, request) : null,
      control: decision.outcome === 'unknown' ? controlDoubt(subject, request) : null,
    };
  });
}

/** A service is never covered by a delegation to IAM, so `delegated` is a denial. */
export const isDenied = ({ outcome }: Decision): boolean => outcome === 'denied' || outcome === 'delegated';

export const deniedOf = (all: readonly ServiceAnswer[]): readonly Denial[] =>
  all.filter((answer): answer is Denial => answer.refusal !== null);
export const unknownOf = (all: readonly ServiceAnswer[]): readonly ServiceAnswer[] =>
  all.filter(({ decision }) => decision.outcome === 'unknown');

/** The statements and condition keys behind answers. */
export const evidenceOf = (all: readonly ServiceAnswer[]): Evidence => ({
  statements: distinct(all.flatMap(({ decision, refusal }) => statementsOf(refusal) ?? decision.statements)),
  dependsOn: distinct(all.flatMap(({ decision }) => decision.dependsOn)),
});

const statementsOf = (refused: AccessRefusal | null): readonly string[] | null =>
  refused === null ? null : [...refused.statements, ...(refused.beside?.statements ?? [])];

/** "probe, log file and digest file". */
export function purposes(all: readonly ServiceAnswer[]): string {
  const names = all.map(({ purpose }) => purpose);
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.slice(-1).join()}`;
}

/** Why answers are denied: once for each statement that stands in the way. */
export const refusalsInWords = (all: readonly Denial[]): string =>
  distinctRefusals(all)
    .map(({ why }) => why)
    .join('; ');

/** The same where there is little room. */
export const refusalsInBrief = (all: readonly Denial[]): string =>
  distinctRefusals(all)
    .map(({ brief }) => brief)
    .join('; ');

function distinctRefusals(all: readonly Denial[]): readonly AccessRefusal[] {
  const first = new Map<string, AccessRefusal>();
  for (const { refusal } of all)
    for (const one of refusal.beside === null ? [refusal] : [refusal, refusal.beside])
      if (!first.has(nameOf(one))) first.set(nameOf(one), one);
  return [...first.values()];
}

const nameOf = ({ kind, statements }: AccessRefusal): string => JSON.stringify([kind, statements]);

/** Why answers are unknown, each reason once, with a world in which the request is allowed. */
export const doubtsInWords = (all: readonly ServiceAnswer[]): string =>
  distinct(
    all.map(({ decision, control }) => {
      const doubt = doubtInWords(decision);
      if (control === null) return doubt;
      return `Deny ${quoted(control.statements)} of a resource control policy may apply: ${doubt}`;
    }),
  ).join('; ');

/** Why a decision is unknown. */
export function doubtInWords({ reason, dependsOn, witnesses }: Decision): string {
  if (reason !== null) return reason;
  const allowed = witnesses?.allowed ?? null;
  const example = allowed === null ? '' : `, and is allowed${inWorld(allowed)}`;
  return `it depends on ${dependsOn.join(', ')}${example}`;
}
