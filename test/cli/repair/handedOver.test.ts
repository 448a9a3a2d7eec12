// Slow: `npm run quick` leaves it out.
import { PassThrough } from 'node:stream';
import { Output } from '../../../src/cli/output.ts';
import { type ApplyRequest, applyPlans } from '../../../src/cli/repair/apply.ts';
import { outcomeText } from '../../../src/cli/repair/applyText.ts';
import { jsonPlans } from '../../../src/cli/repair/json.ts';
import type { RepairPlan } from '../../../src/trail/repair/plan.ts';
import { trailCases } from '../../caseFiles.ts';
import { planOf, type RepairCase } from '../../trail/repair/support.ts';

type PlannedCase = RepairCase & { readonly plan: Pick<RepairPlan, 'status'> };
const handedOver = trailCases<PlannedCase>('repair/plans.json')
  .filter(({ plan }) => plan.status === 'handed-over')
  .map(planOf);
const io = {
  stdin: new PassThrough(),
  stdout: new Output(new PassThrough()),
  stderr: new Output(new PassThrough()),
  env: {},
  now: () => new Date(),
};
/** Whatever asked AWS for anything would find nobody to ask. */
const apply = (plans: readonly RepairPlan[]) => applyPlans(plans, { yes: true, quiet: true } as ApplyRequest, io);

test('there are such plans, with a policy and without', () =>
  expect(new Set(handedOver.map(({ policy }) => policy === null))).toEqual(new Set([true, false])));

test('applied they are refused, before AWS is asked for anything, and their policy is shown as code', async () => {
  const outcomes = await apply(handedOver);
  for (const plan of handedOver)
    expect(outcomes?.get(plan)).toEqual({ status: 'refused', reason: plan.reason, backup: null });
  const text = [...outcomeText(handedOver, outcomes)].join('');
  expect(text.match(/^FOR THE OWNER /gm)).toHaveLength(handedOver.length);
  expect(text.match(/^ {4}KeyPolicy:/gm)).toHaveLength(handedOver.filter(({ work }) => work !== null).length);
  const json = JSON.parse([...jsonPlans(handedOver, false, outcomes ?? undefined)].join(''));
  expect(json.plans[0]).toMatchObject({ status: 'handed-over', commands: [], outcome: { status: 'refused' } });
});
