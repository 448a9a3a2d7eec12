import { evaluateTrail } from '../evaluateTrail.ts';
import type { TrailFacts } from '../facts.ts';
import { handedOver } from './handedOver.ts';
import type { KeyUser } from './keyCase.ts';
import type { RepairOptions, RepairPlan, RepairSubject } from './plan.ts';
import { planKey } from './planKey.ts';
import { isOpen, remainingOf } from './remaining.ts';

/**
 * Plans the repair of trails: one plan a key, covering every trail that uses it, and one for each trail without a key.
 *
 * Pure: nothing is changed. What a plan offers is proved by evaluating its result with the checks, and by the policy
 * engine: nobody gains or loses anything but what the plan names.
 */
export function planRepairs(subjects: readonly RepairSubject[], options: RepairOptions): readonly RepairPlan[] {
  const plans: (() => RepairPlan)[] = [];
  const users = new Map<string, KeyUser[]>();
  for (const subject of subjects.map((one) => withChosenKey(one, options))) {
    const { key } = subject;
    if (key === null) {
      plans.push(() => handedOver(withoutKey(subject, options), [subject]));
      continue;
    }
    const user = { ...subject, key };
    const id = key.arn ?? unresolved(subject.trail, key.reference);
    const others = users.get(id);
    if (others !== undefined) {
      others.push(user);
      continue;
    }
    const all = [user];
    users.set(id, all);
    plans.push(() => planStage(key, all, options));
  }
  return plans.map((plan) => plan());
}

/** The plan for all trails of a key, or for those of one stage. */
function planStage(key: KeyUser['key'], all: readonly KeyUser[], options: RepairOptions): RepairPlan {
  const { stage } = options;
  const isLater = ({ trail }: KeyUser): boolean => stage !== undefined && !stage.includes(trail.arn);
  const [users, later] = [all.filter((user) => !isLater(user)), all.filter(isLater)];
  const plan = handedOver(planKey({ keyArn: key.arn, key, users, later, options }), users);
  return stage === undefined ? plan : { ...plan, laterTrailArns: later.map(({ trail }) => trail.arn) };
}

/** The same words name another key in another account or Region. */
const unresolved = ({ accountId, homeRegion }: TrailFacts, reference: string): string =>
  `${accountId} ${homeRegion} ${reference}`;

/** A trail as it will be with the key that a person chose for it. */
function withChosenKey(
  subject: RepairSubject,
  { chosenKeys, checks }: RepairOptions,
): Omit<KeyUser, 'key'> & RepairSubject {
  const chosenKey = chosenKeys.get(subject.trail.arn);
  if (chosenKey === undefined || (subject.key !== null && subject.key.arn === chosenKey.arn))
    return { ...subject, assigned: null };
  const trail = { ...subject.trail, kmsKeyId: chosenKey.arn ?? chosenKey.reference };
  const assigned = { from: subject.trail.kmsKeyId, findings: subject.findings };
  return { trail, key: chosenKey, findings: evaluateTrail(trail, chosenKey, checks), assigned };
}

function withoutKey({ trail, findings }: RepairSubject, { considers }: RepairOptions): RepairPlan {
  const open = findings.filter((finding) => isOpen(finding) && considers(finding, trail));
  const nothing = {
    keyArn: null,
    trailArns: [trail.arn],
    policy: null,
    edits: [],
    commands: [],
    work: null,
  };
  if (open.length === 0) return { ...nothing, status: 'nothing-to-do', remaining: [], reason: null };
  const reason = `the trail names no KMS key, and a person must choose which key it gets: a customer-managed, symmetric key in ${whereOf(trail)}, whose policy names those who may read the logs`;
  const advice = `Choose the key, then run repair again with \`--trail ${trail.arn} --key KEY_ARN\`: it allows CloudTrail by the key's policy first and sets the key of the trail second.`;
  const remaining = remainingOf([{ trail, findings: open }], (check) =>
    check === 'trail-encrypted' && !trail.owner ? advice : null,
  );
  return { ...nothing, status: 'declined', remaining, reason };
}

function whereOf({ bucket, bucketName, homeRegion }: TrailFacts): string {
  const region = bucket.read && bucket.value.region.read ? bucket.value.region.value : null;
  if (region !== null) return `\`${region}\`, the Region of its bucket`;
  return bucketName === null
    ? `the Region of its bucket`
    : `the Region of its bucket \`${bucketName}\` (the trail lives in \`${homeRegion}\`)`;
}
