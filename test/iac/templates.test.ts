import cases from '../cases/iac/templates.json';
import { spread } from '../runs.ts';
import { type CheckCase, expectCase, scratchFolder } from './support.ts';

type TemplateCase = CheckCase & { readonly template: unknown };

const write = scratchFolder();

test.each(spread(cases as readonly unknown[] as readonly TemplateCase[], 40).map((row) => [row.name, row] as const))(
  '%s',
  async (_, row) => expectCase(await write('template.json', JSON.stringify(row.template, null, 2)), row),
);
