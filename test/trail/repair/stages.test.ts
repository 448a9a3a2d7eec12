// Slow: `npm run quick` leaves it out.
import { comparePolicies } from '../../../src/trail/compare/comparePolicies.ts';
import type { RepairPlan, RepairSubject } from '../../../src/trail/repair/plan.ts';
import { planRepairs } from '../../../src/trail/repair/planRepairs.ts';
import { trailCases } from '../../caseFiles.ts';
import { checkOptions } from '../cases.ts';
import { optionsOf, parsed, type RepairCase, statusesOf, subjectsOf, withPolicy } from './support.ts';

const trail = (name: string, account = '111122223333') => `arn:aws:cloudtrail:us-east-1:${account}:trail/${name}`;
const [MAIN, AUDIT, OTHERS] = [trail('main'), trail('audit'), trail('others', '444455556666')];

/** The case's own trail and two more that share its key. */
const shared = (given: RepairCase): RepairCase => ({ ...given, more: [{ trailArn: AUDIT }, { trailArn: OTHERS }] });

function planOf(given: RepairCase, subjects: readonly RepairSubject[], stage: readonly string[]): RepairPlan {
  const [plan, ...others] = planRepairs(subjects, { ...optionsOf(given), stage });
  expect(others).toEqual([]);
  return plan!;
}

const NEEDED = ['cloudtrail-can-encrypt', 'cloudtrail-can-describe', 'cloudtrail-can-decrypt'];
const passing = (subjects: readonly RepairSubject[], arn: string): readonly string[] =>
  [...statusesOf(subjects)]
    .filter(
      ([id, status]) => status === 'pass' && id.startsWith(`${arn} `) && NEEDED.some((check) => id.endsWith(check)),
    )
    .map(([id]) => id);

const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};
const bare: RepairCase = shared({
  name: 'a key that allows no trail',
  trailArn: MAIN,
  policy: { Version: '2012-10-17', Statement: [ROOT] },
} as unknown as RepairCase);

test('a key of three trails, in two stages: each covers its own trails, and what it wrote stays', () => {
  const subjects = subjectsOf(bare);
  const first = planOf(bare, subjects, [AUDIT]);
  expect(first).toMatchObject({ status: 'repaired', trailArns: [AUDIT], laterTrailArns: [MAIN, OTHERS] });
  expect(JSON.stringify(first.policy)).not.toContain('trail/main');

  const between = withPolicy(subjects, first.policy, checkOptions(bare));
  expect([MAIN, AUDIT, OTHERS].map((arn) => passing(between, arn).length > 0)).toEqual([false, true, false]);

  const second = planOf(bare, between, [MAIN, OTHERS]);
  expect(second).toMatchObject({ status: 'repaired', trailArns: [MAIN, OTHERS], laterTrailArns: [AUDIT] });
  const after = withPolicy(subjects, second.policy, checkOptions(bare));
  expect(passing(after, AUDIT)).toEqual(passing(between, AUDIT));
  for (const arn of [MAIN, AUDIT, OTHERS]) expect(passing(after, arn)).toContain(`${arn} cloudtrail-can-encrypt`);

  expect(planOf(bare, after, [AUDIT])).toMatchObject({ status: 'nothing-to-do', laterTrailArns: [MAIN, OTHERS] });
});

test('without a stage a plan covers every trail, and speaks of no later one', () => {
  const [plan] = planRepairs(subjectsOf(bare), optionsOf(bare));
  expect(plan?.trailArns).toEqual([MAIN, AUDIT, OTHERS]);
  expect(plan).not.toHaveProperty('laterTrailArns');
});

test('what would shut out a trail of a later stage is no plan', () => {
  const encrypt = {
    Sid: 'Encrypt',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
    Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/*' } },
  };
  const given = shared({ ...bare, policy: { Version: '2012-10-17', Statement: [ROOT, encrypt] } });
  // Somebody vouches for what is not so: statements are narrowed to the trails of the stage.
  const options = { ...optionsOf(given), dedicatedKeys: true, stage: [MAIN] };
  const subjects = subjectsOf(given);
  const [plan] = planRepairs(subjects, options);
  const after = plan?.policy ? withPolicy(subjects, plan.policy, checkOptions(given)) : subjects;
  for (const arn of [AUDIT, OTHERS]) expect(passing(after, arn)).toEqual(passing(subjects, arn));
});

describe('of every policy that people really wrote, a stage changes nothing for the others', () => {
  const known = trailCases<RepairCase>('trail/policies.json').filter(({ key }) => key !== null);
  let repaired = 0;

  test.each(known.map((one) => [one.name, shared(one)] as const))('%s', (_, given) => {
    const subjects = subjectsOf(given);
    const [own] = subjects;
    const stage = [own!.trail.arn];
    const plan = planOf(given, subjects, stage);
    expect(plan.trailArns).toEqual(stage);
    expect(plan.laterTrailArns).toEqual([AUDIT, OTHERS]);
    if (plan.status !== 'repaired' || plan.work!.policyEdits.length === 0) return;
    repaired += 1;
    const after = withPolicy(subjects, plan.policy, checkOptions(given));
    for (const arn of [AUDIT, OTHERS])
      expect(passing(after, arn)).toEqual(expect.arrayContaining([...passing(subjects, arn)]));
    const { gained } = comparePolicies(plan.work!.before, parsed(plan.policy), plan.keyArn);
    for (const { principal, context } of gained) {
      expect(principal).toEqual({ Service: 'cloudtrail.amazonaws.com' });
      expect(stage).toContain(context['aws:SourceArn']);
    }
  });

  test('and some are repaired', () => expect(repaired).toBeGreaterThan(5));
});
