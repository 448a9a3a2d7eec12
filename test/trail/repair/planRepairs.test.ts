import { readFileSync } from 'node:fs';
import { planRepairs } from '../../../src/trail/repair/planRepairs.ts';
import { trailCases } from '../../caseFiles.ts';
import { spread } from '../../runs.ts';
import { checkOptions } from '../cases.ts';
import { strays } from './samples.ts';
import {
  needlessEdits,
  optionsOf,
  parsed,
  planOf,
  type RepairCase,
  statusesOf,
  subjectsOf,
  withPolicy,
} from './support.ts';

interface Expected {
  readonly status: string;
  readonly edits: readonly string[];
  readonly remaining: readonly string[];
}

interface PlanCase extends RepairCase {
  readonly plan: Expected;
  readonly statementsAfter?: readonly unknown[];
  readonly reasonSays?: readonly string[];
  readonly remainingSays?: readonly string[];
  /** The edits' messages: they name what is given and what is taken away. */
  readonly editsSay?: readonly string[];
  /** How the plan's commands begin. */
  readonly commands?: readonly string[];
}

const known = trailCases<RepairCase>('trail/policies.json');
const { plans: expected } = JSON.parse(readFileSync('test/cases/repair/policies.json', 'utf8')) as {
  readonly plans: Readonly<Record<string, Expected & { reason?: string }>>;
};
const cases = trailCases<PlanCase>('repair/plans.json');

const shown = ({ status, edits, remaining }: ReturnType<typeof planOf>): Expected => ({
  status,
  edits: edits.map(({ statement, change }) => `${statement} ${change}`),
  remaining: remaining.map(({ check }) => check),
});

describe('the policies that people really wrote', () => {
  test('each has a plan', () => expect(known.map(({ name }) => name)).toEqual(Object.keys(expected)));

  test.each(spread(known, 20).map((one) => [one.name, one] as const))('%s', (name, one) => {
    const plan = planOf(one);
    const { reason, ...rest } = expected[name]!;
    expect(shown(plan)).toEqual(rest);
    expect(plan.reason).toBe(reason ?? null);
  });
});

describe('plans', () => {
  test.each(spread(cases, 60).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const plan = planOf(one);
    expect(shown(plan)).toEqual(one.plan);
    if (one.statementsAfter !== undefined) expect(plan.policy?.Statement).toEqual(one.statementsAfter);
    for (const words of one.reasonSays ?? []) expect(plan.reason).toContain(words);
    for (const words of one.remainingSays ?? []) expect(JSON.stringify(plan.remaining)).toContain(words);
    if (one.editsSay !== undefined) expect(plan.edits.map(({ message }) => message)).toEqual(one.editsSay);
    for (const [index, start] of (one.commands ?? []).entries()) expect(plan.commands[index]).toMatch(start);
    expect(plan.commands).toHaveLength(one.commands?.length ?? plan.commands.length);
  });
});

const repaired = spread([...known, ...cases], 200).filter((one) => planOf(one).status === 'repaired');

describe('what a repaired plan promises', () => {
  test.each(spread(repaired, 20).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const plan = planOf(one);
    const subjects = subjectsOf(one);
    const before = statusesOf(subjects);
    const changed = withPolicy(subjects, plan.policy, checkOptions(one));
    for (const [id, status] of statusesOf(changed)) {
      const check = id.split(' ')[1];
      if (before.get(id) === 'pass') expect(`${id} ${status}`).toBe(`${id} pass`);
      if (before.get(id) === 'unknown') expect(`${id} ${status}`).not.toBe(`${id} fail`);
      const isOpen = status === 'fail' && !plan.remaining.some((left) => left.check === check);
      const byKey = ['key-usable', 'key-rotates'].includes(check ?? '');
      if (isOpen && !byKey) throw new Error(`${id} fails and is not listed`);
    }
    expect(needlessEdits(one, plan)).toEqual([]);
    expect(strays(plan, 150)).toEqual([]);
    const again = planRepairs(changed, optionsOf(one))[0]!;
    expect(again.edits.filter(({ statement }) => statement !== null)).toEqual([]);
  });
});

test('every added Allow is pinned to trails of the plan', () => {
  const added = repaired.flatMap((one) => {
    const plan = planOf(one);
    const edits = plan.work!.policyEdits.filter(
      ({ change, statement }) => change === 'statement-added' && statement?.Effect === 'Allow',
    );
    return edits.map(({ statement }) => ({ statement, trailArns: plan.trailArns }));
  });
  expect(added.length).toBeGreaterThan(Math.min(20, repaired.length / 4));
  for (const { statement, trailArns } of added) {
    const [one] = parsed({ Version: '2012-10-17', Statement: [statement] }).statements;
    const source = one!.conditions.find(({ key, operator }) => key === 'aws:SourceArn' && operator === 'StringEquals');
    expect(one!.principal.service).toEqual(['cloudtrail.amazonaws.com']);
    expect(trailArns).toEqual(expect.arrayContaining([...source!.values]));
  }
});

describe('a trail without a key', () => {
  const [given] = cases.filter(({ name }) => name === 'a trail without a key');
  const [withKey] = cases.filter(({ name }) => name === 'a healthy key');
  const subjects = subjectsOf(given!);
  const key = subjectsOf(withKey!)[0]!.key!;
  const trailArn = subjects[0]!.trail.arn;

  test.each([
    ['the ARN of the key that a person chose', key, key.arn!],
    ['the name of a chosen key whose ARN is not known', { ...key, arn: null, reference: 'alias/logs' }, null],
  ])('gets %s', (_, chosen, expected) => {
    const plans = planRepairs(subjects, { ...optionsOf(given!), chosenKeys: new Map([[trailArn, chosen]]) });
    expect(plans).toHaveLength(1);
    expect(plans[0]!.keyArn).toBe(expected);
    if (expected === null) expect(plans[0]!.reason).toContain('`alias/logs`');
    else expect(plans[0]!.edits.map(({ change }) => change)).toEqual(['trail-key-set']);
  });

  test('has nothing to do where its findings are excepted', () => {
    const [plan] = planRepairs(subjects, { ...optionsOf(given!), considers: () => false });
    expect(plan).toMatchObject({ status: 'nothing-to-do', keyArn: null, trailArns: [trailArn], remaining: [] });
  });
});

test('nothing is taken out of a policy that no finding asks to change', () => {
  const [given] = cases.filter(({ name }) => name === 'ids of deleted principals are all that is wrong');
  const unrotated: RepairCase = { ...given!, options: { requireKeyRotation: true }, key: { rotation: 'off' } };
  const planFor = (considers: ReturnType<typeof optionsOf>['considers']) =>
    planRepairs(subjectsOf(unrotated), { ...optionsOf(unrotated), considers })[0]!.edits.map(({ change }) => change);
  expect(planFor(({ check }) => check === 'key-rotates')).toEqual(['rotation-enabled']);
  expect(planFor(() => true)).toEqual(['orphaned-principal-removed', 'rotation-enabled']);
});

test('one alias of two accounts is two keys', () => {
  const [given] = cases.filter(({ name }) => name === 'a key whose ARN is not known');
  const [one] = subjectsOf(given!);
  const other = { ...one!, trail: { ...one!.trail, accountId: '222222222222' } };
  const plans = planRepairs([one!, other, one!], optionsOf(given!));
  expect(plans.map(({ trailArns }) => trailArns.length)).toEqual([2, 1]);
});
