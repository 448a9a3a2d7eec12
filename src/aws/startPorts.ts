import { isErrorMember } from '../facts/members.ts';
import { describeTrail } from '../facts/trails.ts';
import { centralTrails } from '../rule/central/centralTrails.ts';
import type { StartPorts } from '../rule/evaluate/startEvaluations.ts';
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
  readonly signal: AbortSignal;
}

/** The ports of starting evaluations over live AWS, through `memberRoleName` in the accounts of the trails. */
export function startPorts(clients: AwsClients, binding: StartBinding): StartPorts {
  const { reach, aggregatorName, ruleFunctionArn, signal } = binding;
  const { home } = reach;
  const own: Access = { session: startSession(home.accountId, binding.caller, signal), clients };
  const accounts = accountsOf(own, home.accountId, reach, signal);
  return {
    async trails() {
      const { listTrails, listOrganizationTrails } = await import('./read/trail.ts');
      if (aggregatorName === null) return (await listTrails(own, home.region)).map(describeTrail);
      const { recordedTrails } = await import('./read/recordedTrails.ts');
      const [recorded, shown] = await Promise.all([
        recordedTrails(own, namedAggregator(reach, aggregatorName)),
        listOrganizationTrails(own, home.region),
      ]);
      const live = isErrorMember(shown) ? [] : shown.map(describeTrail);
      return centralTrails(recorded, live).trails.map(({ trail }) => trail);
    },
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
