import type { Mismatch, StatementExplanation } from '../policy/decision.ts';
import { describeMismatch, explain } from '../policy/explain.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import type { AccessRequest } from '../policy/request.ts';
import { decide } from './accessQuestion.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { distinct } from './policyNames.ts';
import { byKeyPolicyAlone, denyingControls } from './resourceControl.ts';

/** Why a request is denied, and what would open it. */
export interface AccessRefusal {
  /**
   * `deny`: a Deny statement of the key policy; `resource-control`: one of another policy; `grammar`: the statement that
   * would allow it is refused by IAM's grammar; `no-allow`: nothing allows it.
   */
  readonly kind: 'deny' | 'resource-control' | 'grammar' | 'no-allow';
  /** Sids (or `#index`) of the statements that deny it or come nearest to allowing it. */
  readonly statements: readonly string[];
  /** Whether the nearest statement misses by its conditions or its resource alone, so that it can be corrected. */
  readonly correctable: boolean;
  /** One sentence part: "statement `AllowEncrypt`: aws:SourceArn is `...`, the policy expects `...`". */
  readonly why: string;
  /** A resource control policy denies it as well. */
  readonly beside: AccessRefusal | null;
}

/** Explains why CloudTrail's request is definitely denied. */
export function refusal(subject: KeyPolicySubject, request: AccessRequest): AccessRefusal {
  const controls = denyingControls(subject, request);
  if (controls.length === 0) return ofKeyPolicy(subject, request);
  const control: AccessRefusal = {
    kind: 'resource-control',
    statements: controls,
    correctable: false,
    why: `Deny statement ${quoted(controls)} of a resource control policy applies`,
    beside: null,
  };
  const alone = byKeyPolicyAlone(subject);
  const { outcome } = decide(alone, request);
  const isRefusedAnyhow = outcome === 'denied' || outcome === 'delegated';
  return isRefusedAnyhow ? { ...ofKeyPolicy(alone, request), beside: control } : control;
}

function ofKeyPolicy(subject: KeyPolicySubject, request: AccessRequest): AccessRefusal {
  const explanations = explain(subject.written, request);
  const denying = labels(explanations.filter(({ effect, applies }) => effect === 'Deny' && applies === 'yes'));
  if (denying.length > 0)
    return {
      kind: 'deny',
      statements: denying,
      correctable: false,
      why: `Deny statement ${quoted(denying)} applies${withoutKeys(subject.written, denying, request)}`,
      beside: null,
    };
  const nearest = explanations.find(isNearMiss);
  if (nearest === undefined) return nothingAllows(subject, request);
  const why = nearest.mismatches.map(describeMismatch).join('; ');
  const isRefused = nearest.mismatches.some(({ part }) => part === 'grammar');
  return {
    kind: isRefused ? 'grammar' : 'no-allow',
    statements: [nearest.statement],
    correctable: !isRefused && nearest.mismatches.every(({ part }) => part !== 'action'),
    why: `statement \`${nearest.statement}\`: ${why || 'it cannot have an effect'}`,
    beside: null,
  };
}

/** The commonest trap: a negated operator is true of a key that CloudTrail's request does not carry. */
function withoutKeys(policy: KeyPolicy, denying: readonly string[], { context }: AccessRequest): string {
  const absent = new Set(
    Object.keys(context)
      .filter((key) => context[key]?.is === 'absent')
      .map((key) => key.toLowerCase()),
  );
  const keys = policy.statements
    .filter(({ label }) => denying.includes(label))
    .flatMap(({ conditions }) => conditions.map(({ key }) => key))
    .filter((key) => absent.has(key.toLowerCase()));
  return keys.length === 0 ? '' : `, because CloudTrail's request carries no ${distinct(keys).join(' and no ')}`;
}

/** A statement for CloudTrail that misses by its action, its resource or its conditions, or that IAM's grammar refuses. */
const isNearMiss = ({ effect, applies, mismatches }: StatementExplanation): boolean =>
  effect === 'Allow' && applies !== 'yes' && !mismatches.some(isPrincipal) && !isForNobodyKnowsWhom(mismatches);

const isPrincipal = ({ part }: Mismatch): boolean => part === 'principal';

/** A statement whose principal is refused may be CloudTrail's where it is for the action; one for another action tells nothing. */
const isForNobodyKnowsWhom = (mismatches: readonly Mismatch[]): boolean =>
  mismatches.some((one) => one.part === 'grammar' && one.codes.some((code) => code.startsWith('principal-'))) &&
  mismatches.some(({ part }) => part === 'action');

function nothingAllows(subject: KeyPolicySubject, request: AccessRequest): AccessRefusal {
  const { statements } = decide(subject, request);
  return {
    kind: 'no-allow',
    statements,
    correctable: false,
    why: `no statement is for \`${CLOUDTRAIL}\` (a statement for the account never covers a service)`,
    beside: null,
  };
}

const labels = (explanations: readonly StatementExplanation[]): readonly string[] =>
  explanations.map(({ statement }) => statement);

/** Statement names for a sentence: "`A`, `B`". */
export const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
