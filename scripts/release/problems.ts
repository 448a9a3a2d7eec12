import { changesOf } from './changelog.ts';

/** Members of package.json that only the owner of a repository can fill, and that the registry's provenance is compared with. */
const OWNERS_MEMBERS = ['repository', 'bugs'] as const;

/** What keeps the sources from being released under a tag: one sentence each. */
export function problemsOf(read: (file: string) => string, tag: string): readonly string[] {
  const { version, ...manifest } = JSON.parse(read('package.json')) as Record<string, unknown> & { version: string };
  const places = [
    ['the tag', tag, `v${version}`],
    ['template.yaml', /^ {4}SemanticVersion: (.+)$/m.exec(read('template.yaml'))?.[1], version],
    ['action.yml', /default: cloudtrail-kms-rule@(.+)$/m.exec(read('action.yml'))?.[1], version],
    ['package-lock.json', (JSON.parse(read('package-lock.json')) as { version: string }).version, version],
  ] as const;
  const differing = places
    .filter(([, found, expected]) => found !== expected)
    .map(([place, found, expected]) => `${place} says \`${found ?? ''}\`, package.json needs \`${expected}\``);
  const unsaid = changesOf(read('CHANGELOG.md'), version)
    ? []
    : [`CHANGELOG.md has no section \`## [${version}]\`, or an empty one`];
  return [...differing, ...unsaid, ...missingMembers(manifest)];
}

/** What the owner of the repository has still to say in package.json. */
export function missingMembers(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  return OWNERS_MEMBERS.filter((name) => !manifest[name]).map(
    (name) => `package.json has no \`${name}\`: it is the address of the repository that releases (docs/releasing.md)`,
  );
}
