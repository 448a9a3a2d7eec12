import type { Mismatch, StatementExplanation } from '../policy/decision.ts';
import { describeMismatch, explain, mismatchInBrief } from '../policy/explain.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import type { AccessRequest } from '../policy/request.ts';
import { decide } from './accessQuestion.ts';
import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import { whyDenied } from './denials.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { byKeyPolicyAlone } from './resourceControl.ts';

/** Why a request is denied, and what would open it. */
export interface AccessRefusal {
  /**
   * `deny`: a Deny statement of the key policy; `resource-control`: one of another policy; `grammar`: the statement that
   * would allow it is refused by IAM's grammar; `no-allow`: nothing allows it.
   */
  readonly kind: 'deny' | 'resource-control' | 'grammar' | 'no-allow';
  /** Sids (or `#index`) of the statements that deny it or come nearest to allowing it. */
  readonly statements: readonly string[];
  /** Whether the nearest statement was meant for the request and can be corrected. */
  readonly correctable: boolean;
  /** A statement allows it: what denies it is all that stands in the way. */
  readonly allowed: boolean;
  /** One sentence part: "statement `AllowEncrypt`: aws:SourceArn: account: policy ..., trail ...". */
  readonly why: string;
  /** The same where there is little room: the statement, the condition key, and what differs. */
  readonly brief: string;
  /** A resource control policy denies it as well. */
  readonly beside: AccessRefusal | null;
}

/** Explains why CloudTrail's request is definitely denied. */
export function refusal(subject: KeyPolicySubject, request: AccessRequest): AccessRefusal {
  const byControls = subject.resourceControlPolicies.flatMap((policy) =>
    explain(policy, request).filter(isDenying).map(ofPolicy(policy)),
  );
  if (byControls.length === 0) return ofKeyPolicy(subject, request);
  const control = denied('resource-control', byControls);
  const alone = byKeyPolicyAlone(subject);
  const { outcome } = decide(alone, request);
  const isRefusedAnyhow = outcome === 'denied' || outcome === 'delegated';
  return isRefusedAnyhow ? { ...ofKeyPolicy(alone, request), beside: control } : control;
}

function ofKeyPolicy(subject: KeyPolicySubject, request: AccessRequest): AccessRefusal {
  const explanations = explain(subject.written, request);
  const denying = explanations.filter(isDenying);
  const allowed = explanations.some(({ effect, applies }) => effect === 'Allow' && applies === 'yes');
  if (denying.length > 0) return { ...denied('deny', denying.map(ofPolicy(subject.written))), allowed };
  const nearest = explanations.find(isNearMiss);
  if (nearest === undefined) return nothingAllows(subject, request, explanations);
  const { statement, mismatches } = nearest;
  const isRefused = mismatches.some(({ part }) => part === 'grammar');
  const told = (words: (mismatch: Mismatch) => string) =>
    mismatches.map(words).join('; ') || 'it cannot have an effect';
  return {
    kind: isRefused ? 'grammar' : 'no-allow',
    statements: [statement],
    correctable: !isRefused,
    allowed: false,
    why: `statement \`${statement}\`: ${told(describeMismatch)}`,
    brief: `${shortName(statement)}: ${told(mismatchInBrief)}`,
    beside: null,
  };
}

const isDenying = ({ effect, applies }: StatementExplanation): boolean => effect === 'Deny' && applies === 'yes';

interface Denying {
  readonly explanation: StatementExplanation;
  readonly policy: KeyPolicy;
}

const ofPolicy =
  (policy: KeyPolicy) =>
  (explanation: StatementExplanation): Denying => ({ explanation, policy });

function denied(kind: 'deny' | 'resource-control', denying: readonly Denying[]): AccessRefusal {
  const of = kind === 'deny' ? '' : ' of a resource control policy';
  const labels = denying.map(({ explanation }) => explanation.statement);
  const told = (names: readonly string[], words: 'why' | 'brief') =>
    denying
      .map(({ explanation, policy }, at) => `Deny ${names[at]}${of} applies: ${whyDenied(explanation, policy, words)}`)
      .join('; ');
  const why = told(labels.map(inFull), 'why');
  const brief = told(labels.map(shortName), 'brief');
  return { kind, statements: labels, correctable: false, allowed: false, why, brief, beside: null };
}

/** A statement that was meant to allow the request: what misses are values, or names that come near. */
const isNearMiss = ({ effect, applies, mismatches }: StatementExplanation): boolean =>
  effect === 'Allow' && applies !== 'yes' && mismatches.every(isOfValuesOrNear) && !isForNobodyKnowsWhom(mismatches);

const isOfValuesOrNear = (mismatch: Mismatch): boolean =>
  !('near' in mismatch) || mismatch.near !== null || isWithoutAction(mismatch);

/** The statement has no Action, or NotAction names CloudTrail's: it is about no other action. */
const isWithoutAction = (mismatch: Mismatch): boolean =>
  mismatch.part === 'action' && (mismatch.negated || mismatch.expected.length === 0);

/** A statement whose principal is refused may be CloudTrail's where it is for the action; one for another action tells nothing. */
const isForNobodyKnowsWhom = (mismatches: readonly Mismatch[]): boolean =>
  mismatches.some((one) => one.part === 'grammar' && one.codes.some((code) => code.startsWith('principal-'))) &&
  mismatches.some(({ part }) => part === 'action');

function nothingAllows(
  subject: KeyPolicySubject,
  request: AccessRequest,
  explanations: readonly StatementExplanation[],
): AccessRefusal {
  const { statements } = decide(subject, request);
  const nothing = `no statement allows CloudTrail ${request.action}`;
  const other = explanations.find((one) => isForAnother(one, subject.written));
  if (other !== undefined) {
    const names = other.mismatches.flatMap((one) => (one.part === 'principal' ? one.expected : []));
    const instead = `does for ${quoted(names.slice(0, 3)) || 'nobody'}, not for \`${CLOUDTRAIL}\``;
    const why = `${nothing}: statement \`${other.statement}\` ${instead}`;
    return {
      kind: 'no-allow',
      statements: [other.statement],
      correctable: false,
      allowed: false,
      why,
      brief: `${nothing}: ${shortName(other.statement)} ${instead}`,
      beside: null,
    };
  }
  const isForCloudTrail = explanations.some(
    ({ effect, mismatches }) => effect === 'Allow' && !mismatches.some(({ part }) => part === 'principal'),
  );
  const why = isForCloudTrail ? nothing : `${nothing} (a statement for the account never covers a service)`;
  return { kind: 'no-allow', statements, correctable: false, allowed: false, why, brief: why, beside: null };
}

/** All but the principal fits, and the principal is a service, or a condition is on what CloudTrail's requests carry alone. */
function isForAnother({ statement, effect, mismatches }: StatementExplanation, { statements }: KeyPolicy): boolean {
  const [only] = mismatches;
  if (effect === 'Deny' || mismatches.length !== 1 || only?.part !== 'principal' || only.result !== 'no') return false;
  const written = statements.find(({ label }) => label === statement);
  const isEncrypting = written?.action?.patterns.some((pattern) => /generatedatakey/i.test(pattern)) === true;
  const isOfTrail = written?.conditions.some(({ key }) => OF_TRAIL.includes(key.toLowerCase())) === true;
  return (written?.principal.service.length ?? 0) > 0 || (isEncrypting && isOfTrail);
}

const OF_TRAIL: readonly string[] = ['aws:SourceArn', 'aws:SourceAccount', TRAIL_CONTEXT_KEY].map((key) =>
  key.toLowerCase(),
);

const inFull = (label: string): string => `\`${label}\``;

/** A Sid that leaves room for what is wrong. */
const shortName = (label: string): string =>
  `\`${label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label}\``;

const LONGEST_LABEL = 48;

/** Statement names for a sentence: "`A`, `B`". */
export const quoted = (names: readonly string[]): string => names.map(inFull).join(', ');
