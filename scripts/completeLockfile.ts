/**
 * Gives each package of the lockfiles its `resolved`, at the public registry, and its `integrity`. npm leaves the first out where
 * a machine is set to, and the second of packages for other platforms than the one that wrote the file.
 *
 *   npm run lockfile
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCKFILES, type LockedPackage, nameOf, packagesOf, tarballOf } from './release/lockfile.ts';

const root = join(import.meta.dirname, '..');

for (const file of LOCKFILES) {
  const path = join(root, file);
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockedPackage> };
  const lacking = packagesOf(lockfile).filter(([, { resolved, integrity }]) => !resolved || !integrity);
  for (const [place, found] of lacking) {
    const name = nameOf(place, found);
    const {
      name: alias,
      version,
      resolved = tarballOf(name, version),
      integrity = published(name, version),
      ...rest
    } = found;
    // In the order in which npm writes them.
    lockfile.packages[place] = { ...(alias && { name: alias }), version, resolved, integrity, ...rest };
  }
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`${file}: ${lacking.length} completed`);
}

function published(name: string, version: string): string {
  const args = ['view', `${name}@${version}`, 'dist.integrity', '--json'];
  return JSON.parse(execFileSync('npm', args, { encoding: 'utf8' })) as string;
}
