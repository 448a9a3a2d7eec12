/** Every lockfile of the repository. */
export const LOCKFILES = ['package-lock.json', 'test/cdk/package-lock.json', 'test/e2e/package-lock.json'] as const;

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** Where it is installed under another name. */
  readonly name?: string;
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  /** Only for development. */
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** Part of another package's own file. */
  readonly inBundle?: boolean;
}

/** What is downloaded, by its place below the root: the root itself and what is bundled in others left out. */
export function packagesOf({
  packages,
}: {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}): readonly (readonly [string, LockedPackage])[] {
  return Object.entries(packages).filter(([place, { inBundle }]) => place !== '' && inBundle !== true);
}

/** The name under which it is published. */
export function nameOf(place: string, { name }: LockedPackage): string {
  return name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Where the public registry keeps a version. */
export function tarballOf(name: string, version: string): string {
  return `https://registry.npmjs.org/${name}/-/${name.replace(/^@[^/]+\//, '')}-${version}.tgz`;
}
