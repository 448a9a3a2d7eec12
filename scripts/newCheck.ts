/** Makes everything that a check consists of, from a template: `npm run new:check ID`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_IDS } from '../src/trail/checks/index.ts';
import { caseTemplate, checkTemplate } from './newCheckTemplate.ts';

const root = join(import.meta.dirname, '..');
const REGISTRY = 'src/trail/checks/index.ts';

const [id = ''] = process.argv.slice(2);
const refusal = id === '' ? 'the id is missing: `npm run new:check ID`, such as `key-rotates`' : refuse(id);
if (refusal === null) make(id);
else {
  console.error(refusal);
  process.exitCode = 2;
}

function refuse(id: string): string | null {
  if (!/^[a-z]+(-[a-z]+)+$/.test(id))
    return `the id is \`${id}\`, accepted is a sentence part in lower case with hyphens, such as \`key-rotates\``;
  return CHECK_IDS.some((known) => known === id) || existsSync(join(root, 'docs/checks', `${id}.md`))
    ? `there is a check \`${id}\` already, and ids are permanent`
    : null;
}

function make(id: string): void {
  const name = id.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const check = `src/trail/checks/${name}.ts`;
  const cases = `test/cases/trail/checks/${id}.json`;
  const registry = readFileSync(join(root, REGISTRY), 'utf8');
  write(check, checkTemplate(id, name));
  write(cases, caseTemplate(id));
  write(
    REGISTRY,
    registry
      .replace(/^/, `import { ${name} } from './${name}.ts';\n`)
      .replace('\n] as const', `\n  ${name},\n] as const`),
  );
  // It sorts the import, and keeps the template's lines short whatever the id.
  run(join(root, 'node_modules/.bin/biome'), 'check', '--write', check, cases, REGISTRY);
  // In a process of its own, because here the registry is already loaded.
  run(process.execPath, 'scripts/generateDocs.ts');
  console.log(`made, with TODO where something is to be said:\n  ${check}\n  ${cases}\n  docs/checks/${id}.md`);
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: 'pipe' });
}
