import { describeEventDataStores } from '../facts/eventDataStores.ts';
import { isErrorMember } from '../facts/members.ts';
import { describeTrail } from '../facts/trails.ts';
import { centralTrails } from '../rule/central/centralTrails.ts';
import type { StartPorts } from '../rule/evaluate/startEvaluations.ts';
import { EVENT_DATA_STORE, type ResourceKind, TRAIL } from '../rule/event/resourceKind.ts';
import type { TrailDescription } from '../trail/facts.ts';
import type { Access } from './access.ts';
import { accountsOf, type Reach } from './accounts.ts';
import type { AwsClients } from './clients.ts';
import { callOf, InfrastructureError } from './errors.ts';
import { namedAggregator } from './namedAggregator.ts';
import { startSession } from './session.ts';

/** What starting evaluations after a key changed is bound to. */
export interface StartBinding {
  readonly reach: Reach;
  /** The aggregator that knows the trails of every account; `null`: only the function's own account and Region. */
  readonly aggregatorName: string | null;
  /** The function behind the rules that are to be evaluated. */
  readonly ruleFunctionArn: string;
  readonly caller: string;
  /** Whether event data stores count beside trails; left out: they do not. */
  readonly evaluateEventDataStores?: boolean;
  readonly signal: AbortSignal;
}

/** The ports of starting evaluations over live AWS, through `memberRoleName` in the accounts of the trails. */
export function startPorts(clients: AwsClients, binding: StartBinding): StartPorts {
  const { reach, aggregatorName, ruleFunctionArn, signal, evaluateEventDataStores = false } = binding;
  const { home } = reach;
  const own: Access = { session: startSession(home.accountId, binding.caller, signal), clients };
  const accounts = accountsOf(own, home.accountId, reach, signal);
  const recordedIn = async (aggregator: string, kind: ResourceKind) =>
    (await import('./read/recordedTrails.ts')).recordedTrails(own, namedAggregator(reach, aggregator), kind);
  return {
    async trails() {
      const { listTrails, listOrganizationTrails } = await import('./read/trail.ts');
      if (aggregatorName === null) return (await listTrails(own, home.region)).map(describeTrail);
      const [recorded, shown] = await Promise.all([
        recordedIn(aggregatorName, TRAIL),
        listOrganizationTrails(own, home.region),
      ]);
      const live = isErrorMember(shown) ? [] : shown.map(describeTrail);
      return centralTrails(recorded, live).trails.map(({ trail }) => trail);
    },
    ...(evaluateEventDataStores && {
      eventDataStores: async () => {
        if (aggregatorName === null) return storesOf(own, home);
        const recorded = await recordedIn(aggregatorName, EVENT_DATA_STORE);
        return centralTrails(recorded, []).trails.map(({ trail }) => trail);
      },
    }),
    async startEvaluation(place) {
      const entry = await accounts.member(place.accountId);
      if ('closed' in entry) {
        const call = callOf('Config', 'StartConfigRulesEvaluation', `account ${place.accountId}`, place.region);
        throw new InfrastructureError(call, entry.closed);
      }
      const { startRules } = await import('./ruleStarts.ts');
      return startRules(entry.access, place, ruleFunctionArn);
    },
  };
}

/** @throws InfrastructureError where they cannot be listed: then nobody knows whether one uses the key */
async function storesOf(own: Access, { region, partition }: Reach['home']): Promise<readonly TrailDescription[]> {
  const { listEventDataStores } = await import('./read/eventDataStores.ts');
  const listed = describeEventDataStores(await listEventDataStores(own, region, partition));
  if (listed.read) return listed.value;
  const call = callOf('CloudTrail', 'ListEventDataStores', `account ${own.session.accountId}`, region);
  throw new InfrastructureError(call, listed.reason);
}
