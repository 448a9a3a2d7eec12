import { describeTrails } from '../facts/trails.ts';
import type { CentralPorts } from '../rule/central/runCentral.ts';
import { EVENT_DATA_STORE, type ResourceKind, TRAIL } from '../rule/event/resourceKind.ts';
import type { Access } from './access.ts';
import type { AwsClients } from './clients.ts';
import { memoize, once } from './memo.ts';
import { namedAggregator } from './namedAggregator.ts';
import { awsPorts, type Binding } from './ports.ts';
import { startSession } from './session.ts';

/** What the central evaluation is bound to: the function's own account, where the aggregator is. */
interface CentralBinding
  extends Omit<Binding, 'accountId' | 'region' | 'configRuleName' | 'resultToken' | 'aggregatorName'> {
  readonly aggregatorName: string;
}

/**
 * The ports of the central evaluation over live AWS. Whatever the function's own account can answer is asked there; roles
 * in the accounts of trails and keys are used where they are set.
 *
 * @param clients with the function's own credentials
 */
export function centralPorts(clients: AwsClients, binding: CentralBinding): CentralPorts {
  const { reach, aggregatorName } = binding;
  const { home } = reach;
  const own: Access = { session: startSession(home.accountId, binding.caller, binding.signal), clients };
  const { trailStatus, trailEvents, bucket, key, organizationId, exceptionDocuments, now } = awsPorts(clients, {
    ...binding,
    accountId: home.accountId,
    region: home.region,
    configRuleName: null,
    resultToken: '',
  });
  const membership = once(async () => (await import('./membership.ts')).membershipReader(own, home));

  const recorded = async (kind: ResourceKind) =>
    (await import('./read/recordedTrails.ts')).recordedTrails(own, namedAggregator(reach, aggregatorName), kind);

  return {
    trailStatus,
    trailEvents,
    bucket,
    key,
    ...(exceptionDocuments !== undefined && { exceptionDocuments }),
    now,
    deadline: binding.signal,
    organizationId: memoize(async (accountId) => {
      const member = await (await membership())(accountId);
      return member.read ? member : organizationId(accountId);
    }),
    recordedTrails: async () => recorded(TRAIL),
    ...(binding.evaluateEventDataStores === true && {
      recordedEventDataStores: async () => recorded(EVENT_DATA_STORE),
    }),
    organizationTrails: async () => {
      const { listOrganizationTrails } = await import('./read/trail.ts');
      return describeTrails(await listOrganizationTrails(own, home.region));
    },
  };
}
