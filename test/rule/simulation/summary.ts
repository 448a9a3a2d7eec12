import { countByType, type Simulated, type SimulatedCentral, type SimulatedRules } from './organization.ts';
import type { SimulatedStateMachine } from './stateMachine.ts';

const requestsOf = ({ invocations }: Simulated): number =>
  invocations.reduce((sum, { calls }) => sum + calls.made.length, 0);

const inWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');

/** (B) in two lines. */
export function centralSummary(simulated: SimulatedCentral): string {
  const { estate, store, outcomes, failures } = simulated;
  const verdicts = [...store.values()].map(({ verdict }) => ({ ComplianceType: verdict.complianceType }));
  const longest = Math.max(...outcomes.map(({ seconds }) => seconds));
  return [
    `(B) central: ${estate.members.length} accounts, ${estate.trails.size} trails; ${outcomes.length} runs, ${failures} of them tried again, 1 duplicate`,
    `    ${store.size} verdicts: ${inWords(countByType(verdicts))}; ${requestsOf(simulated)} requests; the longest run took ${Math.round(longest)} s of virtual time`,
  ].join('\n');
}

/** (C) in two lines. */
export function rulesSummary(simulated: SimulatedRules): string {
  const { estate, store, organization, invocations, failures, duplicates, redriven } = simulated;
  const results = store.all().map(([, evaluation]) => evaluation);
  const ofOrganization = [...organization.values()].map(({ verdict }) => verdict.complianceType);
  return [
    `(C) organization rule: ${estate.members.length} accounts, ${estate.trails.size} trails; ${invocations.length} invocations, ${failures} tried again, ${duplicates} duplicates, ${redriven} from the dead-letter queue`,
    `    ${results.length} results in AWS Config: ${inWords(countByType(results))}; organization trail: ${ofOrganization.join(', ')}; ${requestsOf(simulated)} requests`,
  ].join('\n');
}

/** The state machine: what it did, and how often it asked AWS what. */
export function stateMachineSummary(simulated: SimulatedStateMachine): string {
  const { accounts, trails, outcome, seconds, batches, invocations, evaluated, calls } = simulated;
  const { itemsFile, largestBatch } = simulated;
  const rows = Object.entries(calls).sort(([, one], [, other]) => other - one);
  const total = rows.reduce((sum, [, times]) => sum + times, 0);
  return [
    `state machine: ${accounts} accounts, ${trails} trails: ${outcome.status}; ${batches} batches, ${invocations} invocations, ${outcome.transitions} state transitions`,
    `    ${evaluated} verdicts; ${Math.round(seconds)} s of virtual time; ${(itemsFile / 1e6).toFixed(1)} MB of items, at most ${Math.round(largestBatch / 1_000)} KB a batch; ${total} requests:`,
    ...rows.map(([operation, times]) => `    ${String(times).padStart(7)} ${operation}`),
  ].join('\n');
}
