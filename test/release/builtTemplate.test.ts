import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parse } from 'yaml';
import { lambdaBuilds } from '../../scripts/lambdaBuilds.ts';
import { builtConfig, builtTemplate } from '../../scripts/release/builtTemplate.ts';

interface Resource {
  readonly Metadata?: object;
  readonly Properties: { readonly CodeUri?: string };
}
const resourcesOf = (text: string): Record<string, Resource> => parse(text, { logLevel: 'error' }).Resources;
const functionsOf = (resources: Record<string, Resource>) =>
  Object.entries(resources).filter(([, { Properties }]) => Properties?.CodeUri !== undefined);

const templates = ['template.yaml', ...globSync('deploy/**/*.yaml').sort()];

test('every function of every template is there', () => {
  const handlers = templates.flatMap((file) => lambdaBuilds(file).map(({ handler }) => handler));
  expect(handlers.sort()).toEqual([
    ...['centralEvaluation', 'cloudFormationHook', 'configRule', 'keyEvent', 'repairKeyPolicy'],
  ]);
});

test.each(templates)('%s: only where the functions lie is another place', (file) => {
  const text = readFileSync(file, 'utf8');
  const before = resourcesOf(text);
  const after = resourcesOf(builtTemplate(text, file));
  const places = functionsOf(after).map(([, { Properties }]) =>
    posix.join(posix.dirname(file), Properties.CodeUri ?? ''),
  );
  expect(places).toEqual(lambdaBuilds(file).map(({ handler }) => `lambda/${handler}`));
  for (const [name, { Metadata: _, ...resource }] of functionsOf(before)) {
    const CodeUri = after[name]?.Properties.CodeUri;
    expect(after[name]).toEqual({ ...resource, Properties: { ...resource.Properties, CodeUri } });
  }
  const others = Object.keys(before).filter((name) => before[name]?.Properties?.CodeUri === undefined);
  for (const name of others) expect(after[name]).toEqual(before[name]);
});

test('samconfig.toml deploys the templates as they lie', () => {
  const text = builtConfig(readFileSync('samconfig.toml', 'utf8'));
  expect(text).not.toMatch(/build|\.aws-sam/);
  const deployed = [...text.matchAll(/^\[(\w+)\.deploy\.parameters\]\n(?:template_file = "(.*)")?/gm)];
  expect(deployed.map(([, environment, file]) => [environment, file])).toEqual([
    ['default', undefined],
    ['central', 'deploy/central.yaml'],
    ['hook', 'deploy/hook.yaml'],
    ['runbooks', 'deploy/remediation/runbooks.yaml'],
  ]);
});
