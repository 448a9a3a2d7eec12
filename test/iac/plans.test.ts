import cases from '../cases/iac/plans.json';
import destroyed from '../cases/iac/plans-destroyed.json';
import letOthersIn from '../cases/iac/plans-grants-shares.json';
import { spread } from '../runs.ts';
import { type CheckCase, expectCase, scratchFolder } from './support.ts';

type PlanCase = CheckCase & { readonly plan: unknown };

const write = scratchFolder();

const ALL = [...cases, ...letOthersIn, ...destroyed] as readonly unknown[] as readonly PlanCase[];

test.each(spread(ALL, 45).map((row) => [row.name, row] as const))('%s', async (_, row) =>
  expectCase(await write('plan.json', JSON.stringify(row.plan)), row),
);
