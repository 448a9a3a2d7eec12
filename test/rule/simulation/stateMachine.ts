import { parseCentralStep } from '../../../src/rule/central/centralStep.ts';
import { runStep } from '../../../src/rule/central/steps.ts';
import { read } from '../../../src/trail/facts.ts';
import type { States } from '../../stateMachine/definition.ts';
import { Execution } from '../../stateMachine/execution.ts';
import { memoryBucket } from '../../stateMachine/memoryStore.ts';
import type { Outcome } from '../../stateMachine/services.ts';
import { Failed } from '../../stateMachine/values.ts';
import { type SimulatedAws, simulatedAws, type Weather } from './aws.ts';
import { chance } from './chance.ts';
import { clockAt } from './clock.ts';
import { estateOf, FUNCTION_ACCOUNT, recordsOf, START } from './estate.ts';

/** Of SelectAggregateResourceConfig (AWS Config API Reference: 100 results a page). */
const RECORDS_A_PAGE = 100;

/** On paper, in milliseconds. A call to AWS takes 20 to 160 (`aws.ts`). */
export const LATENCY = {
  /** Small objects take 100 to 200 (Amazon S3 User Guide, "Best practices design patterns"). */
  s3: 150,
  /** From one state to the next, with the function's invocation; assumed, since AWS names none. */
  state: 250,
  /** Of a trail on the processor: 4 on the machine of the end-to-end test, of which 512 MB are given 0.29. */
  trail: 4 / 0.29,
} as const;

export interface SimulatedStateMachine {
  readonly accounts: number;
  readonly trails: number;
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly batches: number;
  readonly invocations: number;
  readonly evaluated: number;
  /** By operation, as the adapters make them. */
  readonly calls: Readonly<Record<string, number>>;
  /** In bytes. */
  readonly itemsFile: number;
  readonly largestBatch: number;
}

/** The state machine as deployed over the simulated organization, in virtual time. */
export async function simulateStateMachine(
  definition: States,
  accounts: number,
  seed: number,
): Promise<SimulatedStateMachine> {
  const estate = estateOf(accounts);
  const clock = clockAt(START);
  const luck = chance(seed);
  const weather: Weather = { throttled: 0.002, failing: { accountId: '', until: START } };
  const records = luck.shuffle(recordsOf(estate));
  const bucket = memoryBucket();
  const calls: Record<string, number> = {};
  const count = (operation: string, times = 1) => {
    calls[operation] = (calls[operation] ?? 0) + times;
  };
  let [invocations, evaluated, largestBatch] = [0, 0, 0];

  const storeOf = (run: string) => {
    const store = bucket.store(run);
    const after = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
      count(operation);
      await clock.sleep(LATENCY.s3);
      return work();
    };
    return {
      write: (name: string, value: unknown) => after('s3:PutObject', () => store.write(name, value)),
      read: (name: string) => after('s3:GetObject', () => store.read(name)),
      list: (prefix: string) => after('s3:ListObjectsV2', () => store.list(prefix)),
    };
  };
  const invoke = async (payload: unknown): Promise<unknown> => {
    const step = parseCentralStep(payload);
    if (step === null) throw new Error('no step');
    invocations += 1;
    const aws = simulatedAws(estate, clock, luck, weather);
    await clock.sleep(LATENCY.state);
    if (step.step === 'evaluate') {
      largestBatch = Math.max(largestBatch, JSON.stringify(payload).length);
      await clock.sleep(LATENCY.trail * step.items.length);
    }
    try {
      return await runStep(step, {
        rawParameters: { aggregatorName: 'organization', memberRoleName: 'member' },
        settings: { organizationTrailsOnly: false, expectedTrails: [estate.organizationTrail.arn] },
        store: storeOf(step.run),
        connect: () => ({
          ...aws.ports,
          recordedTrails: async () => {
            const pages = Math.ceil(records.length / RECORDS_A_PAGE);
            count('config:SelectAggregateResourceConfig', pages);
            // One after the other.
            await clock.sleep(pages * 90);
            return records;
          },
          organizationTrails: async () => {
            await aws.request(FUNCTION_ACCOUNT, 'DescribeTrails');
            return read([estate.organizationTrail]);
          },
        }),
        publisher: {
          publish: async (verdicts) => {
            evaluated += verdicts.length;
          },
          finish: async () => {},
        },
      });
    } catch (error) {
      throw new Failed((error as Error).name, (error as Error).message);
    } finally {
      countCalls(aws, count);
    }
  };
  const execution = new Execution(
    definition,
    'simulated',
    {},
    {
      invoke,
      getObject: async (_, key) => bucket.get(key),
      putObject: async (_, key, body) => bucket.put(key, body),
      sleep: (seconds) => clock.sleep(seconds * 1_000),
    },
  );
  const outcome = await execution.run();
  return {
    accounts,
    trails: estate.trails.size,
    outcome,
    seconds: (clock.now().getTime() - START.getTime()) / 1_000,
    batches: outcome.children.length,
    invocations,
    evaluated,
    calls,
    itemsFile: bucket.get('runs/simulated/items.json').length,
    largestBatch,
  };
}

/** What the adapters ask beside what the ports were asked (`docs/decisions/0014-connections-belong-to-hosts.md`). */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  GetTrailStatus: ['cloudtrail:GetTrailStatus'],
  DescribeTrails: ['cloudtrail:DescribeTrails'],
  GetBucketEncryption: ['s3:HeadBucket', 's3:GetBucketEncryption'],
  DescribeKey: ['kms:DescribeKey', 'kms:ListGrants'],
  GetKeyPolicy: ['kms:GetKeyPolicy', 'kms:GetKeyPolicy AWS_RAM'],
  DescribeOrganization: ['organizations:DescribeOrganization'],
};

function countCalls({ made }: SimulatedAws, count: (operation: string, times?: number) => void): void {
  for (const { operation } of made) for (const each of BESIDE[operation] ?? [operation]) count(each);
  const others = new Set(made.map(({ accountId }) => accountId).filter((accountId) => accountId !== FUNCTION_ACCOUNT));
  // A role in each account that the invocation meets, after its membership is known.
  count('sts:AssumeRole', others.size);
  count('organizations:DescribeAccount', others.size);
}
