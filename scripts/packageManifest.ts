/**
 * Makes the package's manifest what its users need, while it is packed: everything is bundled, so that nothing is
 * installed beside it. The repository's own manifest keeps the dependencies, since `sam build` installs those.
 *
 *   strip    before packing
 *   restore  after packing
 *   refuse   `npm publish` would announce the repository's manifest: publish the packed file
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingMembers } from './release/problems.ts';

const manifest = join(import.meta.dirname, '../package.json');
const kept = join(import.meta.dirname, '../package.json.unpacked');
const DEVELOPMENT_ONLY: ReadonlySet<string> = new Set([
  'allowScripts',
  'dependencies',
  'devDependencies',
  'jest',
  'scripts',
]);

switch (process.argv[2]) {
  case 'strip':
    strip();
    break;
  case 'restore':
    if (existsSync(kept)) renameSync(kept, manifest);
    break;
  default:
    console.error('publish the packed file: npm pack && npm publish ./cloudtrail-kms-rule-*.tgz');
    for (const missing of missingMembers(JSON.parse(readFileSync(manifest, 'utf8')))) console.error(missing);
    process.exitCode = 1;
}

function strip(): void {
  // Left by a packing that was interrupted: that one is whole.
  if (existsSync(kept)) renameSync(kept, manifest);
  copyFileSync(manifest, kept);
  const members = Object.entries(JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>);
  const published = Object.fromEntries(members.filter(([name]) => !DEVELOPMENT_ONLY.has(name)));
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}
