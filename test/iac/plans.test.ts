import cases from '../cases/iac/plans.json';
import { type CheckCase, expectCase, scratchFolder } from './support.ts';

type PlanCase = CheckCase & { readonly plan: unknown };

const write = scratchFolder();

test.each((cases as readonly unknown[] as readonly PlanCase[]).map((row) => [row.name, row] as const))(
  '%s',
  async (_, row) => expectCase(await write('plan.json', JSON.stringify(row.plan)), row),
);
