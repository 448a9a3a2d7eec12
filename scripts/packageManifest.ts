/**
 * Makes the package's manifest what its users need, while it is packed: everything is bundled, so that nothing is
 * installed beside it, and it names the repository that releases. The repository's own manifest keeps the dependencies,
 * since `sam build` installs those.
 *
 *   strip    before packing
 *   restore  after packing
 *   refuse   `npm publish` would announce the repository's manifest: publish the packed file
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressesOf } from './release/addresses.ts';

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
    process.exitCode = 1;
}

function strip(): void {
  // Left by a packing that was interrupted: that one is whole.
  if (existsSync(kept)) renameSync(kept, manifest);
  copyFileSync(manifest, kept);
  const members = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
  const published = Object.entries({ ...members, ...addressesOf(members, process.env) }).filter(
    ([name]) => !DEVELOPMENT_ONLY.has(name),
  );
  writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(published), null, 2)}\n`);
}
