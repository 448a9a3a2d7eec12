import { join } from 'node:path';
import { runs } from '../runs.ts';
import { centralDefinition } from '../stateMachine/definition.ts';
import type { Estate, Expected } from './simulation/estate.ts';
import { MANAGEMENT } from './simulation/estate.ts';
import { type Simulated, simulateCentral, simulateRules } from './simulation/organization.ts';
import { simulateStateMachine } from './simulation/stateMachine.ts';
import { centralSummary, rulesSummary, stateMachineSummary } from './simulation/summary.ts';

/** Of three trails each. */
const ACCOUNTS = runs(1_000);
const SEED = 20_261_120;

/** Trails whose verdict is not the one that they were made for: the first few. */
function wrongVerdicts(
  estate: Estate,
  verdictOf: (arn: string) => { readonly complianceType: string; readonly annotation: string } | undefined,
): readonly string[] {
  const isRight = ({ complianceType, annotation }: Expected, verdict: ReturnType<typeof verdictOf>): boolean =>
    verdict !== undefined && verdict.complianceType === complianceType && annotation.test(verdict.annotation);
  return [...estate.trails.values()]
    .filter(({ trail, expected }) => !isRight(expected, verdictOf(trail.arn)))
    .slice(0, 5)
    .map(({ trail, expected }) => {
      const verdict = verdictOf(trail.arn);
      return `${trail.arn}: ${verdict?.complianceType} ${verdict?.annotation}, but ${expected.complianceType} ${expected.annotation}`;
    });
}

/** Requests to accounts that an invocation has nothing to do with, and keys that it read more than once. */
function misbehaviour({ invocations }: Simulated): readonly string[] {
  return invocations.flatMap(({ calls, expected }) => [
    ...calls.made
      .filter(({ accountId }) => !expected.has(accountId))
      .map(({ accountId, operation }) => `${operation} in ${accountId}`),
    ...[...calls.described].filter(([, times]) => times > 1).map(([arn]) => `DescribeKey ${arn}`),
    ...[...calls.policies].filter(([, times]) => times > 1).map(([arn]) => `GetKeyPolicy ${arn}`),
  ]);
}

describe(`(B) central, an organization of ${ACCOUNTS} accounts`, () => {
  let simulated: Awaited<ReturnType<typeof simulateCentral>>;
  beforeAll(async () => {
    simulated = await simulateCentral(ACCOUNTS, SEED);
    process.stdout.write(`${centralSummary(simulated)}\n`);
  });

  it('gives every trail, and nothing else, one verdict: the right one', () => {
    const { estate, store } = simulated;
    expect(wrongVerdicts(estate, (arn) => store.get(arn)?.verdict)).toEqual([]);
    expect([...store.keys()].sort()).toEqual([...estate.trails.keys()].sort());
    expect(store.size).toBe(ACCOUNTS * 3 + 1);
  });

  it('publishes each trail once in a run', () => {
    for (const { published } of simulated.outcomes) expect(new Set(published).size).toBe(published.length);
  });

  it('calls no account but those of trails and keys, and reads each key once in a run', () => {
    expect(misbehaviour(simulated)).toEqual([]);
  });

  it('was put to the test: runs failed, and an account did not answer', () => {
    const [first] = simulated.outcomes;
    expect(simulated.failures).toBeGreaterThan(0);
    const silent = new Set(
      first?.run?.unevaluated.filter(({ reason }) => reason.includes('no answer')).map((one) => one.accountId),
    );
    // The account itself, and whose trails use its keys.
    expect(silent.size).toBeGreaterThan(0);
    expect(silent.size).toBeLessThan(ACCOUNTS / 10);
    // One account keeps no other one from its verdict.
    expect(first?.published.length).toBeGreaterThan(ACCOUNTS * 3 * 0.9);
  });

  it('ends within the time of a function', () => {
    for (const { seconds } of simulated.outcomes) expect(seconds).toBeLessThan(14 * 60);
  });
});

test(`the state machine, an organization of ${ACCOUNTS} accounts: each trail in a batch, and a key once in each`, async () => {
  const simulated = await simulateStateMachine(centralDefinition(join(__dirname, '../..')), ACCOUNTS, SEED);
  process.stdout.write(`${stateMachineSummary(simulated)}\n`);
  const { outcome, batches, evaluated, trails, calls, invocations } = simulated;
  expect(outcome.status).toBe('SUCCEEDED');
  expect(batches).toBe(Math.ceil(trails / 100));
  expect(evaluated).toBeGreaterThanOrEqual(trails);
  expect(invocations).toBeGreaterThanOrEqual(batches + 2);
  // Two keys of each account and the two of the log archive; throttled ones are asked for again.
  expect(calls['kms:DescribeKey']).toBeLessThan((2 * ACCOUNTS + 2 * batches) * 1.05);
});

describe(`(C) organization rule, an organization of ${ACCOUNTS} accounts`, () => {
  let simulated: Awaited<ReturnType<typeof simulateRules>>;
  beforeAll(async () => {
    simulated = await simulateRules(ACCOUNTS, SEED);
    process.stdout.write(`${rulesSummary(simulated)}\n`);
  });

  it('leaves every trail with one verdict where it lives: the right one', () => {
    const { estate, store, organization } = simulated;
    const verdictOf = (arn: string) => {
      const trail = estate.trails.get(arn)?.trail;
      if (trail === undefined || trail.accountId === MANAGEMENT) return organization.get(arn)?.verdict;
      const evaluation = store.get(`${trail.accountId} ${trail.homeRegion}`, trail.name);
      return evaluation && { complianceType: evaluation.ComplianceType, annotation: evaluation.Annotation ?? '' };
    };
    expect(wrongVerdicts(estate, verdictOf)).toEqual([]);
    expect([...organization.keys()]).toEqual([estate.organizationTrail.arn]);
  });

  it('reports replicas as not applicable, and nothing but trails', () => {
    const { estate, store } = simulated;
    const homes = new Set(
      [...estate.trails.values()].map(({ trail }) => `${trail.accountId} ${trail.homeRegion} ${trail.name}`),
    );
    const elsewhere = store.all().filter(([place]) => !homes.has(place));
    expect(elsewhere.length).toBe(ACCOUNTS * 2);
    expect(new Set(elsewhere.map(([, { ComplianceType }]) => ComplianceType))).toEqual(new Set(['NOT_APPLICABLE']));
    expect(new Set(store.all().map(([, each]) => each.ComplianceResourceType))).toEqual(
      new Set(['AWS::CloudTrail::Trail']),
    );
  });

  it('calls no account but that of the rule and those of its keys, and reads each key once in an invocation', () => {
    expect(misbehaviour(simulated)).toEqual([]);
  });

  it('asks KMS nothing when a key changes that no trail uses', () => {
    const unused = simulated.invocations.filter(({ about }) => about.endsWith(':key/unused'));
    expect(unused.length).toBeGreaterThan(Math.min(ACCOUNTS, 200));
    for (const { calls } of unused) expect(calls.made.map(({ operation }) => operation)).toEqual(['DescribeTrails']);
  });

  it('was put to the test: invocations failed, came twice and came back from the dead-letter queue', () => {
    const { failures, duplicates, redriven } = simulated;
    expect(Math.min(failures, duplicates, redriven)).toBeGreaterThan(0);
  });
});
