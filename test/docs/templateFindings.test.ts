import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { judgedFindings } from '../../scripts/templateFindings.ts';

const judged = judgedFindings(readFileSync('docs/template-findings.md', 'utf8'));
const functions = ['template.yaml', ...globSync('deploy/**/*.yaml').sort()].flatMap((template) => {
  const { Resources = {} } = parse(readFileSync(template, 'utf8'), { logLevel: 'error' }) as {
    Resources?: Record<string, { Type: string }>;
  };
  return Object.entries(Resources).flatMap(([name, { Type }]) =>
    Type === 'AWS::Serverless::Function' ? [`${template} ${name}`] : [],
  );
});

test('each is judged once', () => expect(new Set(judged).size).toBe(judged.length));

test.each(['CKV_AWS_115', 'CKV_AWS_116', 'CKV_AWS_117', 'CKV_AWS_173'])('%s is judged for each function', (check) => {
  const of = judged.filter((finding) => finding.startsWith(`${check} `));
  expect(of.map((finding) => finding.slice(check.length + 1)).sort()).toEqual([...functions].sort());
});
