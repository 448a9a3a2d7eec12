import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyLambdaBuild, lambdaBuilds } from '../../scripts/lambdaBuilds.ts';

function templateWith(properties: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'template-')), 'template.yaml');
  const Metadata = { BuildMethod: 'esbuild', BuildProperties: { EntryPoints: ['src/a.ts'], ...properties } };
  writeFileSync(file, JSON.stringify({ Resources: { F: { Type: 'AWS::Serverless::Function', Metadata }, Q: {} } }));
  return file;
}

it("brings SAM's spelling to esbuild's", () => {
  const template = templateWith({
    Format: 'esm',
    OutExtension: ['.js=.mjs'],
    MainFields: 'module,main',
    External: ['x'],
  });
  expect(lambdaBuilds(template)).toEqual([
    {
      handler: 'a',
      entryPoint: 'src/a.ts',
      options: { format: 'esm', outExtension: { '.js': '.mjs' }, mainFields: ['module', 'main'], external: ['x'] },
    },
  ]);
});

it('refuses a property that it does not know, rather than build something else than SAM', () => {
  expect(() => lambdaBuilds(templateWith({ Loader: ['.x=text'] }))).toThrow('the build property `Loader` is not known');
});

it('builds every handler, with the options of the rule’s', () => {
  const builds = everyLambdaBuild(join(__dirname, '../..'));
  const handlers = builds.map(({ handler }) => handler);
  expect(handlers).toEqual(expect.arrayContaining(['configRule', 'centralEvaluation', 'keyEvent']));
  expect(handlers).not.toContain('logLine');
  expect(new Set(handlers).size).toBe(handlers.length);
  for (const { options } of builds) expect(options).toEqual(builds[0]?.options);
});
