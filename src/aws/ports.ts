import type { RulePorts } from '../rule/ports.ts';
import type { AwsClients } from './clients.ts';
import { once } from './memo.ts';
import { startSession } from './session.ts';

/** What the ports are bound to: one invocation of the rule, with the credentials of the rule's own account. */
export interface Binding {
  /** The account that owns the rule, whose credentials the clients carry. */
  readonly accountId: string;
  /** The rule's Region. */
  readonly region: string;
  readonly configRuleName: string | null;
  readonly resultToken: string;
  /** Whether GetKeyRotationStatus is worth a call. */
  readonly readRotation: boolean;
  /** How to name the principal of the clients where AWS's messages do not. */
  readonly caller: string;
  /** Aborts when the invocation's time is nearly up. */
  readonly signal: AbortSignal;
}

/**
 * The rule's ports over live AWS. Facts are read once an invocation, clients are kept between invocations.
 *
 * A service's reader is loaded, with its SDK client, when it is first needed.
 */
export function awsPorts(clients: AwsClients, binding: Binding): RulePorts {
  const session = startSession(binding.accountId, binding.caller, binding.signal);
  const config = once(async () => (await import('./configRecords.ts')).configRecords(session, clients, binding));
  const trails = once(() => import('./trails.ts'));
  const buckets = once(async () => (await import('./buckets.ts')).bucketReader(session, clients));
  const organizations = once(async () =>
    (await import('./organization.ts')).organizationReader(session, clients, binding.region),
  );
  const organizationId: RulePorts['organizationId'] = async (accountId) => (await organizations())(accountId);
  const keys = once(async () =>
    (await import('./keys.ts')).keyReader(session, clients, { readRotation: binding.readRotation, organizationId }),
  );
  return {
    listTrails: async () => (await trails()).listTrails(session, clients, binding.region),
    trailStatus: async (trail) => (await trails()).trailStatus(session, clients, trail),
    bucket: async (trail) => (await buckets()).bucket(trail),
    key: async (reference, trail) => (await keys()).key(reference, trail),
    organizationId,
    configurationItem: async (summary) => (await config()).configurationItem(summary),
    reportedResourceIds: async () => (await config()).reportedResourceIds(),
    putEvaluations: async (evaluations) => (await config()).putEvaluations(evaluations),
    now: () => new Date(),
  };
}
