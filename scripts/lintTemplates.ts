/**
 * A policy linter, checkov, over every template that is deployed; fails on a finding that the table of docs/template-findings.md does
 * not judge, and on a row that nothing finds any more. It is installed on first use, into node_modules/.cache (Python 3).
 *
 *   npm run lint:templates
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgedFindings } from './templateFindings.ts';

const CHECKOV = '3.3.30';
const root = join(import.meta.dirname, '..');
const python = join(root, 'node_modules/.cache/checkov', CHECKOV);

interface Report {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly file_path: string;
      readonly resource: string;
    }[];
    readonly parsing_errors: readonly string[];
  };
}

if (!existsSync(join(python, 'bin/checkov'))) {
  execFileSync('python3', ['-m', 'venv', '--clear', python], { stdio: 'inherit' });
  const pip = ['install', '--quiet', '--disable-pip-version-check', `checkov==${CHECKOV}`];
  execFileSync(join(python, 'bin/pip'), pip, { stdio: 'inherit' });
}
const templates = ['template.yaml', ...globSync('deploy/**/*.yaml', { cwd: root }).sort()];
const found = templates.flatMap((template) => {
  const args = [
    '--file',
    template,
    '--framework',
    'cloudformation',
    '--output',
    'json',
    '--compact',
    '--skip-download',
  ];
  const { stdout, stderr } = spawnSync(join(python, 'bin/checkov'), args, { cwd: root, encoding: 'utf8' });
  if (!stdout.trimStart().startsWith('{')) throw new Error(`checkov has no report of ${template}: ${stdout}${stderr}`);
  const { results } = JSON.parse(stdout) as Partial<Report>;
  if (results?.parsing_errors.length) throw new Error(`checkov cannot read ${template}`);
  return (results?.failed_checks ?? []).map(
    ({ check_id, resource }) => `${check_id} ${template} ${resource.split('.').at(-1)}`,
  );
});

const judged = judgedFindings(readFileSync(join(root, 'docs/template-findings.md'), 'utf8'));
const open = found.filter((finding) => !judged.includes(finding));
const gone = judged.filter((finding) => !found.includes(finding));
for (const finding of open) console.error(`not judged: ${finding}`);
for (const finding of gone) console.error(`not found any more: ${finding}`);
console.log(
  `${found.length} findings in ${templates.length} templates, ${open.length} not judged, ${gone.length} gone`,
);
process.exitCode = open.length + gone.length === 0 ? 0 : 1;
