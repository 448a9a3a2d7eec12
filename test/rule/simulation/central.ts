import type { CentralRun } from '../../../src/rule/central/centralRun.ts';
import type { CentralTask } from '../../../src/rule/central/centralTask.ts';
import type { CentralVerdict } from '../../../src/rule/central/evaluateListed.ts';
import { runCentral } from '../../../src/rule/central/runCentral.ts';
import { read } from '../../../src/trail/facts.ts';
import { type Calls, simulatedAws, type Weather } from './aws.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { type Estate, FUNCTION_ACCOUNT, recordsOf } from './estate.ts';

/** What became of one run of the central function. */
export interface CentralOutcome {
  /** `null` where not even the trails could be listed. */
  readonly run: CentralRun | null;
  readonly failed: boolean;
  /** Trails that this run published, in order. */
  readonly published: readonly string[];
  readonly calls: Calls;
  /** Virtual. */
  readonly seconds: number;
}

/** The verdict published last, by trail. */
export type Published = Map<string, CentralVerdict>;

/** One invocation of the central function. */
export async function invokeCentral(
  estate: Estate,
  store: Published,
  { clock, luck, weather, task }: { clock: Clock; luck: Chance; weather: Weather; task: CentralTask },
): Promise<CentralOutcome> {
  const aws = simulatedAws(estate, clock, luck, weather);
  const published: string[] = [];
  const finished: CentralRun[] = [];
  const started = clock.now();
  const records = luck.shuffle(recordsOf(estate));
  const work = runCentral(
    { aggregatorName: 'organization', keyReaderRoleName: 'reader' },
    task,
    () => ({
      ...aws.ports,
      recordedTrails: async () => {
        await aws.request(FUNCTION_ACCOUNT, 'SelectAggregateResourceConfig');
        return records;
      },
      organizationTrails: async () => {
        await aws.request(FUNCTION_ACCOUNT, 'DescribeTrails');
        return read([estate.organizationTrail, estate.organizationTrail]);
      },
    }),
    {
      async publish(verdicts) {
        for (const each of verdicts) {
          published.push(each.verdict.trail.arn);
          store.set(each.verdict.trail.arn, each);
        }
      },
      async finish(run) {
        finished.push(run);
      },
    },
  );
  const failed = await work.then(
    () => false,
    () => true,
  );
  const seconds = (clock.now().getTime() - started.getTime()) / 1000;
  return { run: finished[0] ?? null, failed, published, calls: aws, seconds };
}
