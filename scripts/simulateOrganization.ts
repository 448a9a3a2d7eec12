/**
 * Runs the simulated organization and prints what came of it: `npm run simulate:organization [accounts] [seed]`; with
 * `state-machine` in front the state machine of `deploy/central.yaml` alone. The tests hold the same simulation to its promises.
 */
import { join } from 'node:path';
import { simulateCentral, simulateRules } from '../test/rule/simulation/organization.ts';
import { simulateStateMachine } from '../test/rule/simulation/stateMachine.ts';
import { centralSummary, rulesSummary, stateMachineSummary } from '../test/rule/simulation/summary.ts';
import { centralDefinition } from '../test/stateMachine/definition.ts';

const [only, ...others] = process.argv.slice(2);
const isMachine = only === 'state-machine';
const [accounts = isMachine ? 10_000 : 1_000, seed = 1] = (isMachine ? others : process.argv.slice(2)).map(Number);
if (!isMachine) {
  console.log(centralSummary(await simulateCentral(accounts, seed)));
  console.log(rulesSummary(await simulateRules(accounts, seed)));
}
const definition = centralDefinition(join(import.meta.dirname, '..'));
console.log(stateMachineSummary(await simulateStateMachine(definition, accounts, seed)));
