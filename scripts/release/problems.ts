import { addressesOf } from './addresses.ts';
import { changesOf } from './changelog.ts';

/**
 * What keeps the sources from being released under a tag: one sentence each.
 *
 * @param environment says which repository releases, where package.json does not
 */
export function problemsOf(
  read: (file: string) => string,
  tag: string,
  environment: NodeJS.ProcessEnv,
): readonly string[] {
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
  const addresses = addressesOf(manifest, environment);
  const unaddressed = (['repository', 'bugs'] as const)
    .filter((name) => addresses[name] === undefined)
    .map((name) => `package.json has no \`${name}\`, and no workflow of a repository runs (docs/releasing.md)`);
  return [...differing, ...unsaid, ...unaddressed];
}
