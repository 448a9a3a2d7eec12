import { readFileSync } from 'node:fs';
import { LOCKFILES, type LockedPackage, nameOf, packagesOf, tarballOf } from '../../scripts/release/lockfile.ts';

const packagesIn = (file: string) =>
  packagesOf(JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> });

test.each(LOCKFILES)('%s says of each package where it comes from and what it must be, for every platform', (file) => {
  const packages = packagesIn(file);
  expect(packages.length).toBeGreaterThan(4);
  const wrong = packages.filter(
    ([place, found]) =>
      found.resolved !== tarballOf(nameOf(place, found), found.version) ||
      !/^sha512-[\w+/]{86}==$/.test(found.integrity ?? ''),
  );
  expect(wrong.map(([place]) => place)).toEqual([]);
});

test('there are packages for other platforms than this one', () => {
  const places = packagesIn('package-lock.json').map(([place]) => place);
  for (const platform of ['darwin-arm64', 'linux-x64', 'linux-arm64', 'win32-x64'])
    expect(places).toContain(`node_modules/@biomejs/cli-${platform}`);
});

/** They ask for no more than that their notice is kept; 0BSD and MIT-0 not even for that. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['Apache-2.0', 'MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'],
]);

test('what the functions and the command line are made of is under permissive licences', () => {
  const shipped = packagesIn('package-lock.json').filter(([, { dev }]) => dev !== true);
  expect(shipped.length).toBeGreaterThan(40);
  expect(shipped.filter(([, { license }]) => !PERMISSIVE.has(license ?? '')).map(([place]) => place)).toEqual([]);
});
