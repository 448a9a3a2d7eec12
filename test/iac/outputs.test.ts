import cases from '../cases/iac/outputs.json';
import { type CheckCase, expectCase, scratchFolder } from './support.ts';

type Row = CheckCase & { readonly template?: unknown; readonly plan?: unknown };

const write = scratchFolder();

test.each((cases as readonly unknown[] as readonly Row[]).map((row) => [row.name, row] as const))(
  '%s',
  async (_, row) => expectCase(await write('file.json', JSON.stringify(row.template ?? row.plan, null, 2)), row),
);
