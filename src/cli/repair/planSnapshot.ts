import { evaluateTrails } from '../../rule/evaluate/evaluateTrails.ts';
import { applyExceptions } from '../../rule/exceptions/appliedExceptions.ts';
import { type Exceptions, exceptionsFor } from '../../rule/exceptions/exceptions.ts';
import { checkOptions, type RuleParameters } from '../../rule/parameters.ts';
import type { KeyFacts, TrailFacts } from '../../trail/facts.ts';
import type { Finding, Severity } from '../../trail/finding.ts';
import type { RepairOptions, RepairPlan, RepairSubject } from '../../trail/repair/plan.ts';
import { planRepairs } from '../../trail/repair/planRepairs.ts';
import { rank } from '../../trail/severity.ts';
import { BadInput, CouldNotFinish } from '../errors.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

export interface SnapshotRepair {
  readonly snapshot: Snapshot;
  /** Where the facts come from, as messages name it: `the snapshot holds`. */
  readonly source: string;
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  /** Least severity of a check that is fixed or listed. */
  readonly leastSeverity: Severity;
  readonly now: Date;
  /** Plan for the keys of these trails only; empty: for every key. */
  readonly trailArns: readonly string[];
  /** The plans cover these trails alone: the other trails of their keys are for a later stage. */
  readonly isStage: boolean;
  /** The key that the trail is to get. */
  readonly chosenKeyArn: string | null;
  readonly dedicatedKeys: boolean;
}

/**
 * Plans the repair of a snapshot's trails.
 *
 * @throws BadInput where the trail or the chosen key is not there; CouldNotFinish where the trail may be among the unread
 */
export async function planSnapshot(given: SnapshotRepair): Promise<readonly RepairPlan[]> {
  const { snapshot, source, parameters, exceptions, now, trailArns, isStage } = given;
  if (given.dedicatedKeys && snapshot.unreadTrails.length > 0)
    throw new BadInput(`\`--dedicated-keys\` needs every trail, and ${snapshot.unreadTrails[0]}`);
  const ports = snapshotPorts(snapshot, null, now);
  const verdicts = await evaluateTrails(await ports.listTrails(), ports, parameters, exceptions);
  const subjects = trailArns.map((arn): RepairSubject => {
    const subject = verdicts.find(({ trail }) => trail.arn === arn);
    if (subject !== undefined) return subject;
    const [unread] = snapshot.unreadTrails;
    if (unread !== undefined) throw new CouldNotFinish(`nothing is known of the trail \`${arn}\`: ${unread}`);
    throw new BadInput(`${source} no trail \`${arn}\``);
  });
  const options: RepairOptions = {
    checks: checkOptions(parameters),
    dedicatedKeys: given.dedicatedKeys,
    chosenKeys: await chosenKeys(given, subjects, (arn, trail) => ports.key(arn, trail)),
    knownTrails: verdicts.map(({ trail }) => trail.arn),
    ...(isStage && { stage: trailArns }),
    considers: considers(given),
  };
  const keyArns = subjects.map(({ trail, key }) => (options.chosenKeys.get(trail.arn) ?? key)?.arn ?? null);
  const asked = verdicts.filter(
    ({ trail, key }) =>
      subjects.length === 0 ||
      trailArns.includes(trail.arn) ||
      (key !== null && key.arn !== null && keyArns.includes(key.arn)),
  );
  return planRepairs(asked, options);
}

async function chosenKeys(
  { chosenKeyArn, source }: SnapshotRepair,
  [subject, ...others]: readonly RepairSubject[],
  read: (arn: string, trail: TrailFacts) => Promise<KeyFacts>,
): Promise<ReadonlyMap<string, KeyFacts>> {
  if (chosenKeyArn === null) return new Map();
  if (subject === undefined) throw new BadInput('`--key` needs `--trail`: which trail is to get the key');
  if (others.length > 0) throw new BadInput('`--key` is for one trail: give `--trail` once, trail after trail');
  const key = await read(chosenKeyArn, subject.trail);
  if (key.arn === null || (key.exists.read && !key.exists.value))
    throw new BadInput(`${source} no key \`${chosenKeyArn}\``);
  return new Map([[subject.trail.arn, key]]);
}

/** Leaves out what is excepted or less severe than asked for. */
export function considers({
  exceptions,
  leastSeverity,
}: Pick<SnapshotRepair, 'exceptions' | 'leastSeverity'>): RepairOptions['considers'] {
  return (finding: Finding, trail: TrailFacts) =>
    rank(finding.severity) <= rank(leastSeverity) &&
    applyExceptions([finding], exceptionsFor(trail.arn, exceptions), trail.asOf).remaining.length > 0;
}
