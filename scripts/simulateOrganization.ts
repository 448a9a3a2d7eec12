/**
 * Runs the simulated organization and prints what came of it: `npm run simulate:organization [accounts] [seed]`. The
 * tests hold the same simulation to its promises.
 */
import { simulateCentral, simulateRules } from '../test/rule/simulation/organization.ts';
import { centralSummary, rulesSummary } from '../test/rule/simulation/summary.ts';

const [accounts = 1_000, seed = 1] = process.argv.slice(2).map(Number);
console.log(centralSummary(await simulateCentral(accounts, seed)));
console.log(rulesSummary(await simulateRules(accounts, seed)));
