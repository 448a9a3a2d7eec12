import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import type { RulePlace, StartOutcome } from '../rule/evaluate/startEvaluations.ts';
import type { Access } from './access.ts';
import { callOf } from './errors.ts';
import { required } from './required.ts';
import { collectPages } from './session.ts';

/** Rules in one call (AWS Config API Reference, StartConfigRulesEvaluation). */
const RULES_PER_CALL = 25;

/**
 * Has AWS Config evaluate the rules of a place that a function serves.
 *
 * The rules are found by their function: the names of organization rules and of rules in conformance packs are not the
 * names that they were given.
 *
 * @param access in the account of the place
 * @param functionArn of the rule's function, without version or alias
 * @throws InfrastructureError
 */
export async function startRules(
  { session, clients }: Access,
  { accountId, region }: RulePlace,
  functionArn: string,
): Promise<StartOutcome> {
  // Each time, since a role's session may be replaced in between.
  const config = () => clients.get(ConfigServiceClient, region);
  const names = await ruleNames();
  if (names.length === 0) return 'no-rule';
  let outcome: StartOutcome = 'started';
  for (let start = 0; start < names.length; start += RULES_PER_CALL) {
    const call = callOf('Config', 'StartConfigRulesEvaluation', names[start] ?? '', region);
    const ConfigRuleNames = names.slice(start, start + RULES_PER_CALL);
    const answer = await session.ask(call, (options) =>
      config().send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames }), options),
    );
    if (!answer.ok && answer.refusal.code === 'LimitExceededException') outcome = 'busy';
    else session.outputOrThrow(call, answer);
  }
  return outcome;

  function ruleNames(): Promise<readonly string[]> {
    const call = callOf('Config', 'DescribeConfigRules', `account ${accountId}`, region);
    return collectPages(call, async (NextToken) => {
      const page = await session.demand(call, (options) =>
        config().send(new DescribeConfigRulesCommand({ ...(NextToken && { NextToken }) }), options),
      );
      const ours = required(call, page, 'ConfigRules').filter(({ Source }) =>
        isFunction(Source?.SourceIdentifier ?? ''),
      );
      return { items: ours.map((rule) => required(call, rule, 'ConfigRuleName')), next: page.NextToken };
    });
  }

  function isFunction(sourceIdentifier: string): boolean {
    return sourceIdentifier === functionArn || sourceIdentifier.startsWith(`${functionArn}:`);
  }
}
