import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { checkHead, newCheckPage } from './checkPage.ts';
import { checksIndex } from './checksIndex.ts';
import { conditionKeysTable } from './conditionKeys.ts';
import { configurationSchema } from './configurationSchema.ts';
import { controlsInReports, controlsOfAll } from './controlsTable.ts';
import { costsTable, resultsCostsTable } from './costs.ts';
import { withGenerated, withGeneratedLines } from './markers.ts';
import { inTemplate, parametersTable } from './parameters.ts';
import { managedPoliciesTable, permissionsTable } from './permissionsTable.ts';
import { columnsTable, queriesTable, resultsParts } from './resultsTable.ts';
import { TEMPLATES, templateParts } from './templates.ts';
import { urgencyTable } from './urgencyTable.ts';

/** Every file that holds something generated, by its path from the root, as it should be. */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const read = (page: string) => readFileSync(join(root, page), 'utf8');
  const checkPages = CHECKS.map((check): [string, string] => {
    const page = `docs/checks/${check.id}.md`;
    const written = existsSync(join(root, page)) ? read(page) : newCheckPage();
    return [page, withGenerated(written, 'check', `\n${checkHead(check)}`)];
  });
  const templates = TEMPLATES.map((template): [string, string] => [
    template.file,
    withGeneratedLines(read(template.file), new Map([...templateParts(template), ...resultsParts(root)])),
  ]);
  const page = (name: string, parts: Readonly<Record<string, string>>): [string, string] => [
    name,
    Object.entries(parts).reduce((text, [part, content]) => withGenerated(text, part, content), read(name)),
  ];
  const functionOf = (template: string) => ({
    memory: Number(/MemorySize: (\d+)/.exec(read(template))?.[1]),
    alarms: read(template).split('Condition: HasAlarmTopic\n').length - 1,
  });
  return new Map([
    page('README.md', {
      'check-count': String(CHECKS.length),
      controls: `\n${controlsInReports(CHECKS)}`,
      parameters: `\n${parametersTable((name) => name)}`,
    }),
    page('docs/controls.md', { controls: `\n${controlsOfAll(CHECKS)}` }),
    page('docs/deploy.md', { parameters: `\n${parametersTable(inTemplate)}` }),
    page('docs/deploy-organization.md', {
      costs: `\n${costsTable(functionOf('template.yaml'), functionOf('deploy/central.yaml'))}`,
    }),
    page('docs/results.md', {
      columns: `\n${columnsTable()}`,
      queries: `\n${queriesTable(root)}`,
      costs: `\n${resultsCostsTable(Number(/ResultsRetentionDays:\n.+\n +Default: (\d+)/.exec(read('deploy/central.yaml'))?.[1]))}`,
    }),
    page('docs/remediation.md', { urgency: `\n${urgencyTable(CHECKS)}` }),
    page('docs/condition-keys.md', { 'condition-keys': `\n${conditionKeysTable()}` }),
    page('docs/permissions.md', {
      scan: `\n${permissionsTable('scan')}`,
      repair: `\n${permissionsTable('repair')}`,
      verify: `\n${permissionsTable('verify')}`,
      rule: `\n${permissionsTable('rule')}`,
      managed: `\n${managedPoliciesTable()}`,
    }),
    ['docs/checks.md', checksIndex(CHECKS)],
    ['docs/schemas/configuration.schema.json', configurationSchema()],
    ...checkPages,
    ...templates,
  ]);
}
