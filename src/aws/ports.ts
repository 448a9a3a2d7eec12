import type { RulePorts } from '../rule/ports.ts';
import { bucketReader } from './buckets.ts';
import type { AwsClients } from './clients.ts';
import { configRecords } from './configRecords.ts';
import { keyReader } from './keys.ts';
import { organizationReader } from './organization.ts';
import { startSession } from './session.ts';
import { listTrails, trailStatus } from './trails.ts';

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

/** The rule's ports over live AWS. Facts are read once an invocation, clients are kept between invocations. */
export function awsPorts(clients: AwsClients, binding: Binding): RulePorts {
  const session = startSession(binding.accountId, binding.caller, binding.signal);
  const organizationId = organizationReader(session, clients, binding.region);
  const { readRotation } = binding;
  return {
    listTrails: () => listTrails(session, clients, binding.region),
    trailStatus: (trail) => trailStatus(session, clients, trail),
    ...bucketReader(session, clients),
    ...keyReader(session, clients, { readRotation, organizationId }),
    organizationId,
    ...configRecords(session, clients, binding),
    now: () => new Date(),
  };
}
