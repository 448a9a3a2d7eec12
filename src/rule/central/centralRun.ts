import { UnevaluatedTrailsError } from '../errors.ts';
import type { UnevaluatedTrail } from '../evaluate/evaluation.ts';
import { sumOf, type Tally } from '../evaluate/tally.ts';
import type { Exceptions } from '../exceptions/exceptions.ts';
import type { RuleParameters } from '../parameters.ts';
import type { CentralList } from './centralList.ts';
import type { CentralTask } from './centralTask.ts';
import { isOrganizationTrail } from './centralTrails.ts';
import type { CentralVerdict, EvaluatedTrails } from './evaluateListed.ts';

/** Where the verdicts go. What rejects leaves its trails without a verdict: the invocation is tried again. */
export interface Publisher {
  /** At most `PUBLISHED_TOGETHER`, as they are reached. A retry publishes them again. */
  publish(verdicts: readonly CentralVerdict[]): Promise<void>;
  /** Once, after the last verdict, also where trails are left without one; it keeps nothing of what was published. */
  finish(run: CentralRun): Promise<void>;
}

/** What one run came to. */
export interface CentralRun {
  readonly task: CentralTask;
  readonly parameters: RuleParameters;
  /** Those that were applied, whether in force or over. */
  readonly exceptions: Exceptions;
  readonly startedAt: Date;
  /** The ARN of every trail that has a published verdict. */
  readonly evaluated: ReadonlySet<string>;
  readonly unevaluated: readonly UnevaluatedTrail[];
  readonly tally: Tally;
  /** Organization trails with and without a published verdict: what an alarm watches. */
  readonly organizationTrails: { readonly evaluated: readonly string[]; readonly unevaluated: readonly string[] };
  /** Records of replicas, whose trails are evaluated in this run. */
  readonly replicas: number;
  /** Why organization trails could not be listed live; `null` where they were. */
  readonly organizationTrailsUnread: string | null;
}

/** What a run is asked, and by what it evaluates. */
export type Asked = Pick<CentralRun, 'task' | 'parameters' | 'exceptions'>;

/**
 * Puts together what came of the trails and publishes it.
 *
 * @throws UnevaluatedTrailsError after that, where a trail is without a verdict; what publishing throws
 */
export async function finishRun(
  asked: Asked,
  list: CentralList,
  results: readonly EvaluatedTrails[],
  publisher: Pick<Publisher, 'finish'>,
): Promise<CentralRun> {
  const evaluated = new Set(results.flatMap((result) => result.evaluated));
  const unevaluated = [...list.unlisted, ...results.flatMap((result) => result.unevaluated)];
  const ofOrganization = list.trails.filter(({ trail }) => isOrganizationTrail(trail)).map(({ trail }) => trail.arn);
  const run: CentralRun = {
    ...asked,
    startedAt: list.startedAt,
    evaluated,
    unevaluated,
    tally: sumOf(results.map(({ tally }) => tally)),
    organizationTrails: {
      evaluated: ofOrganization.filter((arn) => evaluated.has(arn)),
      unevaluated: unevaluated
        .filter(({ isOrganization }) => isOrganization)
        .map(({ trailArn }) => trailArn ?? 'unknown'),
    },
    replicas: list.replicas,
    organizationTrailsUnread: list.organizationTrailsUnread,
  };
  await publisher.finish(run);
  if (unevaluated.length > 0) throw new UnevaluatedTrailsError(unevaluated);
  return run;
}
