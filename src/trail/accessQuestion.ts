import { authorize } from '../policy/authorize.ts';
import type { Decision, World } from '../policy/decision.ts';
import { type AccessRequest, absent, type KeyState, present } from '../policy/request.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';

/** Whether access is possible: in some world that the documentation permits. */
export type AccessAnswer =
  | { readonly possible: 'yes'; readonly statements: readonly string[]; readonly world: World }
  | { readonly possible: 'no' }
  | { readonly possible: 'open'; readonly reason: string; readonly decision: Decision };

/** Asks whether some world allows a request, or hands it to the IAM policies of the principal's account. */
export function askAccess(subject: KeyPolicySubject, request: AccessRequest): AccessAnswer {
  const decision = decide(subject, request, false);
  if (decision.outcome === 'denied') return { possible: 'no' };
  if (decision.outcome === 'unknown') return undecidedAccess(subject, request, decision);
  return { possible: 'yes', statements: decision.statements, world: {} };
}

const REACH = { no: 0, open: 1, yes: 2 } as const satisfies Record<AccessAnswer['possible'], number>;

/** Of several adversaries one that gets in, or else one of whom that is open, or else the first. */
export function mostExposed<T>(adversaries: readonly T[], answers: (one: T) => readonly AccessAnswer[]): T {
  const reach = (one: T): number => Math.max(0, ...answers(one).map(({ possible }) => REACH[possible]));
  return adversaries.reduce((most, one) => (reach(one) > reach(most) ? one : most));
}

/** Decides a request by the subject's key policy and resource control policies, within the question's work. */
export const decide = (subject: KeyPolicySubject, request: AccessRequest, namesKeys = true): Decision =>
  authorize(subject.policy, request, subject.resourceControlPolicies, { work: subject.work, namesKeys });

function undecidedAccess(subject: KeyPolicySubject, request: AccessRequest, first: Decision): AccessAnswer {
  const world = first.witnesses?.allowed ?? null;
  if (world === null) {
    const decision = subject.work.left > 0 ? decide(subject, request) : first;
    const reason = decision.reason ?? `it depends on ${decision.dependsOn.join(', ')}`;
    return { possible: 'open', reason, decision };
  }
  return { possible: 'yes', statements: statementsIn(subject, request, world) ?? first.statements, world };
}

/** The statements that allow a request in one world; `null` where it is not allowed there. */
export function statementsIn(
  subject: KeyPolicySubject,
  request: AccessRequest,
  world: World,
): readonly string[] | null {
  const { outcome, statements } = decide(subject, pinned(request, world));
  return outcome === 'allowed' || outcome === 'delegated' ? statements : null;
}

/** The request as it is in one world: an unknown key that the world leaves out is absent. */
function pinned(request: AccessRequest, world: World): AccessRequest {
  const context = new Map<string, KeyState>();
  for (const [key, state] of Object.entries(request.context)) {
    context.set(key.toLowerCase(), state.is === 'unknown' ? absent : state);
  }
  for (const [key, value] of Object.entries(world)) {
    context.set(key.toLowerCase(), value === null ? absent : present(value));
  }
  return { ...request, context: Object.fromEntries(context), otherKeys: 'absent' };
}

/** The value of the first of some keys that the world gives one, or else what is given. */
export function exampleIn(world: World, keys: readonly string[], otherwise: string): string {
  const values = Object.entries(world).map(([key, value]) => (isOneOf(keys, key) ? value : null));
  return values.find((value) => typeof value === 'string') ?? otherwise;
}

const isOneOf = (keys: readonly string[], key: string): boolean =>
  keys.some((candidate) => candidate.toLowerCase() === key.toLowerCase());

/** The world in words, but for some keys: "when `kms:ViaService` is `...`"; empty when nothing has to hold. */
export function inWorld(world: World, except: readonly string[] = []): string {
  const entries = Object.entries(world).filter(([key]) => !isOneOf(except, key));
  const parts = entries
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} is \`${typeof value === 'string' ? value : value?.join(', ')}\``);
  if (parts.length > 0) return ` when ${parts.join(' and ')}`;
  const missing = entries.map(([key]) => key);
  return missing.length === 0 ? '' : ` without ${missing.join(' and ')}`;
}
